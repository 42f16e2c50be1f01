"""One retrieval, timed, in a process of its own: python eval/peer_programs.py NAME < TASK > FIGURES.

It stands alone, for it runs where its peer is installed and Wenju may not be. Each program gets the folder of
the same encoder and the same texts, and is written as its own guide begins.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

K = 10  # texts found for a question
Ask = Callable[[str], Sequence[int]]  # a question to the rows of texts, best first
Build = Callable[[Sequence[str]], Ask]
Program = Callable[[], Callable[[str], Build]]  # imports; the folder of the encoder; the texts; the question


def wenju() -> Callable[[str], Build]:
    """Wenju's own retrieval: passages by meaning and by terms, fused."""
    from corpus import build_text
    from index import PassageRules, RetrievalRules, Retriever, SentenceEmbedder, build_index

    def load(folder: str) -> Build:
        embedder = SentenceEmbedder(folder)
        embedder.load()

        def build(texts: Sequence[str]) -> Ask:
            documents = [build_text(str(row), text) for row, text in enumerate(texts)]
            index = build_index(documents, embedder, PassageRules())
            retriever = Retriever(index, embedder, RetrievalRules(top_k=K))
            return lambda question: [int(hit.passage.document_id) for hit in retriever.retrieve(question)]

        return build

    return load


def langchain() -> Callable[[str], Build]:
    """LangChain's FAISS store."""
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings

    def load(folder: str) -> Build:
        embeddings = HuggingFaceEmbeddings(model_name=folder, encode_kwargs={"normalize_embeddings": True})

        def build(texts: Sequence[str]) -> Ask:
            store = FAISS.from_texts(
                list(texts), embeddings, metadatas=[{"row": row} for row in range(len(texts))]
            )
            return lambda question: [
                int(one.metadata["row"]) for one in store.similarity_search(question, k=K)
            ]

        return build

    return load


def llamaindex() -> Callable[[str], Build]:
    """LlamaIndex's own store."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    def load(folder: str) -> Build:
        model = HuggingFaceEmbedding(model_name=folder, device="cpu")

        def build(texts: Sequence[str]) -> Ask:
            nodes = [TextNode(text=text, id_=str(row)) for row, text in enumerate(texts)]
            retriever = VectorStoreIndex(nodes, embed_model=model).as_retriever(similarity_top_k=K)
            return lambda question: [int(one.node.node_id) for one in retriever.retrieve(question)]

        return build

    return load


def txtai() -> Callable[[str], Build]:
    """The embeddings database of txtai."""
    from txtai import Embeddings

    def load(folder: str) -> Build:
        embeddings = Embeddings(path=folder, gpu=False)

        def build(texts: Sequence[str]) -> Ask:
            embeddings.index(list(texts))
            return lambda question: [int(row) for row, _ in embeddings.search(question, K)]

        return build

    return load


def haystack() -> Callable[[str], Build]:
    """Haystack's store in memory."""
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    def load(folder: str) -> Build:
        of_texts = SentenceTransformersDocumentEmbedder(model=folder, progress_bar=False)
        of_questions = SentenceTransformersTextEmbedder(model=folder, progress_bar=False)
        of_texts.warm_up()
        of_questions.warm_up()

        def build(texts: Sequence[str]) -> Ask:
            store = InMemoryDocumentStore(embedding_similarity_function="cosine")
            documents = [Document(content=text, meta={"row": row}) for row, text in enumerate(texts)]
            store.write_documents(of_texts.run(documents)["documents"])
            retriever = InMemoryEmbeddingRetriever(store, top_k=K)

            def ask(question: str) -> list[int]:
                found = retriever.run(of_questions.run(question)["embedding"])["documents"]
                return [int(one.meta["row"]) for one in found]

            return ask

        return build

    return load


PROGRAMS: dict[str, Program] = {
    "wenju": wenju,
    "langchain": langchain,
    "llamaindex": llamaindex,
    "txtai": txtai,
    "haystack": haystack,
}


def main() -> None:
    """Run one program and print its figures as JSON."""
    task: dict[str, Any] = json.load(sys.stdin)
    clock = time.perf_counter
    begun = clock()
    load = PROGRAMS[sys.argv[1]]()
    imported = clock()
    build = load(task["folder"])
    loaded = clock()
    ask = build(task["texts"])
    built = clock()
    ask(task["questions"][0])  # the first is not warm
    found, took = [], []
    for question in task["questions"]:
        start = clock()
        found.append(list(ask(question)))
        took.append(1000 * (clock() - start))
    figures = {"start": loaded - begun, "import": imported - begun, "build": built - loaded, "took": took}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write("\n" + json.dumps({**figures, "found": found, "megabytes": peak / 1e3}))


if __name__ == "__main__":
    main()
