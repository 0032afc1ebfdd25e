"""Forms of the pages; each checks what a person typed, actions decide what is done."""
