"""Measure place resolution: loading, and a million address strings of which 100,000 differ.

Run ``python -m bench.places`` from the checkout. The strings are made from the gazetteer with the noise of real
files (case, suffixes, provinces, post codes, slips), so most rules are exercised.
"""

from __future__ import annotations

import random
import time
from collections import Counter

from bri_pipeline.places.resolver import Resolver
from bri_pipeline.settings import resource_dir

DISTINCT = 100_000
STRINGS = 1_000_000


def main() -> None:
    """Print seconds for loading and for resolving, and how the answers split by method."""
    reference = resource_dir("data/reference")
    started, started_cpu = time.perf_counter(), time.process_time()
    resolver = Resolver.load(reference)
    loaded, loaded_cpu = time.perf_counter(), time.process_time()
    distinct = _strings(resolver)
    strings = random.Random(2).choices(distinct, k=STRINGS - DISTINCT) + distinct
    ready, ready_cpu = time.perf_counter(), time.process_time()
    answers = [resolver.resolve(text) for text in strings]
    done, done_cpu = time.perf_counter(), time.process_time()
    methods = Counter(answer.method for answer in answers)
    print(f"loading: {loaded - started:.2f} s ({loaded_cpu - started_cpu:.2f} s of CPU)")
    print(f"{len(strings):,} strings, {len(set(strings)):,} distinct: ", end="")
    print(f"{done - ready:.2f} s ({done_cpu - ready_cpu:.2f} s of CPU)")
    print(", ".join(f"{method} {count / len(answers):.1%}" for method, count in methods.most_common()))


def _strings(resolver: Resolver) -> list[str]:
    rng = random.Random(1)
    gazetteer = resolver.gazetteer
    names = [place for places in gazetteer.divisions.values() for place in places]
    provinces = [province.name for province in gazetteer.provinces.values()]
    found: dict[str, None] = {}
    while len(found) < DISTINCT:
        place = rng.choice(names)
        found[_noisy(place.name, gazetteer.provinces[place.province].name, rng.choice(provinces), rng)] = None
    return list(found)


def _noisy(name: str, province: str, other: str, rng: random.Random) -> str:
    slip = rng.randrange(1, len(name))
    forms = (
        name,
        f"{name} City",
        f"{name}, {province}",
        f"{name} District, {province} Province, P.R. China",
        f"No. {rng.randrange(1, 999)} {other} Road, {name} {rng.randrange(100000, 860000)}",
        f"{name[:slip]} {name[slip:]}",
        name[:slip] + name[slip + 1 :],
        name[:slip] + rng.choice("aeinou") + name[slip:] + rng.choice(("", " City", f", {province}")),
    )
    text = rng.choice(forms)
    return text.upper() if rng.random() < 0.2 else text


if __name__ == "__main__":
    main()
