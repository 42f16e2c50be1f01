from corpus.formats.reading import Reading
def read_pdf(name: str, data: bytes) -> Reading: raise NotImplementedError
