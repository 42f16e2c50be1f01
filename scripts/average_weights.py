"""The mean of two trainings' weights: python scripts/average_weights.py ONE OTHER OUT.

Where the second goes on from the first, the mean is often as good as either on what each is good at
(Wortsman et al. 2022, Model soups).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor


def main() -> None:
    """Write the mean, in the precision of the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("one", "other", "out"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    save_file(mean(load_file(options.one), load_file(options.other)), options.out)


def mean(one: dict[str, Tensor], other: dict[str, Tensor]) -> dict[str, Tensor]:
    """The mean of each tensor, worked out in fp32. Raises ValueError where their names differ."""
    if one.keys() != other.keys():
        raise ValueError(f"not of one model: {sorted(one.keys() ^ other.keys())}")
    return {name: ((one[name].float() + other[name].float()) / 2).to(one[name].dtype) for name in one}


if __name__ == "__main__":
    main()
