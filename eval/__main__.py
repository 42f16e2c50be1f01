"""`python -m eval …` is `wenju eval …`."""

from eval.commands import evaluate

if __name__ == "__main__":
    evaluate(prog_name="python -m eval")
