"""QR codes as SVG, to be placed in a printed form by `image(bytes(data.qr), format: "svg")`."""

import io

import segno


def qr_svg(text: str) -> str:
    """The QR code of `text` as SVG, black on nothing; a quarter of it may be covered or torn (level Q)."""
    out = io.BytesIO()
    segno.make(text, error="q", micro=False).save(
        out, kind="svg", border=0, xmldecl=False, svgns=True, nl=False
    )
    return out.getvalue().decode()
