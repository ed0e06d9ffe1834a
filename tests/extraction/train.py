"""Trains the extractor's models, and says how well it reads documents that they have not seen.

    python -m tests.extraction.train ../shared [--write | --blind]

Every figure is out of fold: each document is read by models that were trained without it.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

from speeches import scoreboard
from speeches.extraction import Commitment, extract
from speeches.extraction.linear import Linear
from tests.extraction import corpus, train_joins, train_outlook, train_weigh
from tests.extraction.corpus import annotated, fold_of, group_of
from tests.extraction.heldout import is_held_out


def unseen(
    texts: Iterable[scoreboard.Annotated], models: dict[str, list[Linear]]
) -> tuple[list[scoreboard.Board], list[tuple[float, bool]]]:
    """Figures of every genre and set, and each finding's confidence with whether it is right."""
    findings: list[tuple[float, bool]] = []

    def read(each: scoreboard.Annotated) -> list[Commitment]:
        fold, spans = fold_of(group_of(each.name)), each.spans()
        with corpus.reading_with(**{name: folds[fold] for name, folds in models.items()}):
            found = extract(each.text, delivered_on=each.day)
        for c in found:
            right = any(min(b, c.end) - max(a, c.start) >= 0.5 * min(b - a, c.end - c.start) for a, b in spans)
            findings.append((c.confidence, right))
        return found

    def totals(each: scoreboard.Annotated) -> list[str]:
        mark = " held out" if is_held_out(each.name) else ""
        return [f"{each.genre}{mark}", f"~ {corpus.set_of(each)}{mark}", f"~ all{mark}"]

    return scoreboard.boards(texts, totals, read), findings


def blind(shared: Path) -> tuple[list[scoreboard.Board], list[tuple[float, bool]]]:
    """The same by models that have seen no text of those held out: each of them in place of every fold."""
    known = [each.name for each in annotated(shared) if not is_held_out(each.name)]
    groups = {group_of(name) for name in known}
    models: dict[str, list[Linear]] = {}
    for name, examples, how in (
        ("outlook", lambda: train_outlook.examples(shared), train_outlook.HOW),
        ("weigh", lambda: train_weigh.examples(shared, models["outlook"]), train_weigh.HOW),
        ("joins", lambda: train_joins.examples(shared, models["outlook"], models["weigh"]), train_joins.HOW),
    ):
        seen = [e for e in examples() if e.group in groups]
        models[name] = [corpus.learn(seen, **how)] * corpus.FOLDS
    return unseen((each for each in annotated(shared) if is_held_out(each.name)), models)


def report(boards: list[scoreboard.Board], findings: list[tuple[float, bool]]) -> None:
    """Print F1 of every genre, and what share of the findings is right at each confidence."""
    print(f"{'':20}     " + " ".join(f"{m[:9]:>9}" for m in scoreboard.MEASURES))
    for board in boards:
        figures = " ".join(f"{board.tallies[m].f1:9.3f}" for m in scoreboard.MEASURES)
        print(f"{board.name:20} {board.texts:3} {figures}")
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01)):
        some = [right for p, right in findings if low <= p < high]
        if some:
            print(f"  {low:.2f} to {min(high, 1):.2f}: {sum(some) / len(some):.2f} of {len(some)} right")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--blind", action="store_true", help="learn nothing of the texts held out, and read those")
    args = parser.parse_args()
    if args.blind:
        report(*blind(args.shared))
        return
    data, models = {}, {}
    data["outlook"] = train_outlook.examples(args.shared)
    models["outlook"] = corpus.left_out(data["outlook"], **train_outlook.HOW)
    data["weigh"] = train_weigh.examples(args.shared, models["outlook"])
    models["weigh"] = corpus.left_out(data["weigh"], **train_weigh.HOW)
    data["joins"] = train_joins.examples(args.shared, models["outlook"], models["weigh"])
    models["joins"] = corpus.left_out(data["joins"], **train_joins.HOW)
    for (name, rows), how in zip(data.items(), (train_outlook.HOW, train_weigh.HOW, train_joins.HOW), strict=True):
        print(f"{name}: {corpus.quality(rows, models[name])}")
        if args.write:
            corpus.write(name, corpus.learn(rows, **how))
    report(*unseen(annotated(args.shared), models))


if __name__ == "__main__":
    main()
