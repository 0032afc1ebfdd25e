"""What a file that cannot be taken is, in the words of whoever sent it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# By the ending that such content has: the recogniser's own names are English and for programmers.
_BY_ENDING = {
    gettext_lazy("a Windows program"): "exe dll scr com msi sys cpl ocx flt",
    gettext_lazy("a Word document"): "doc docx docm dot dotx odt rtf wps",
    gettext_lazy("an Excel table"): "xls xlsx xlsm xlsb ods",
    gettext_lazy("a presentation"): "ppt pptx pptm pps odp key",
    gettext_lazy("an archive"): "zip rar 7z gz tgz tar bz2 xz cab jar apk",
    gettext_lazy("a web page"): "html htm mht mhtml xhtml",
}
_BY_MEDIA = {
    "audio": gettext_lazy("a sound recording"),
    "video": gettext_lazy("a video"),
}


def kind_in_words(ending: str, mime: str) -> str:
    """Say what a file with this ending and media type is; empty where there is nothing to say."""
    bare = ending.lstrip(".")
    media = mime.partition("/")[0]
    if media in _BY_MEDIA:
        return str(_BY_MEDIA[media])
    for words, endings in _BY_ENDING.items():
        if bare in endings.split():
            return str(words)
    if not bare:
        return ""
    named = {"ending": bare.upper()}
    if media == "image":
        return _("a picture of another kind (%(ending)s)") % named
    return _("a file of type %(ending)s") % named
