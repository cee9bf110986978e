"""
Asks pySigma whether `winnow lint --fix` left every detection what it was.

    pip install pysigma
    python scripts/fix-oracle.py BEFORE AFTER

In: a folder of rules, and a copy of it that was corrected. Out: how many detections changed their text, how many of them pySigma reads as
equal, and each that it does not, with the values that were lost or came in. Exit code 1 where something came in, or a value was lost that
no value left in the same list covers. Values of a list are compared as a set, without case: in Sigma neither order,
repetition nor case means anything, except below `cased` and `re`.
"""
import re
import sys
from pathlib import Path

import yaml
from sigma.modifiers import SigmaCaseSensitiveModifier
from sigma.rule import SigmaDetection, SigmaDetectionItem
from sigma.types import SigmaRegularExpression, SigmaString, SpecialChars

WILDCARDS = {SpecialChars.WILDCARD_MULTI: "*", SpecialChars.WILDCARD_SINGLE: "?"}


def value_form(item, value):
    if isinstance(value, SigmaRegularExpression):
        return ("re", str(value.regexp), frozenset(value.flags))
    if isinstance(value, SigmaString):
        cased = SigmaCaseSensitiveModifier in item.modifiers
        # Several stars in a row mean what one means.
        parts = []
        for part in value.s:
            if isinstance(part, str):
                parts.append(part if cased else part.lower())
            elif not parts or parts[-1] != part:
                parts.append(part)
        return (type(value).__name__, tuple(parts))
    return (type(value).__name__, str(value))


def item_form(item):
    values = frozenset(value_form(item, value) for value in item.value)
    linking = item.value_linking.__name__ if len(values) > 1 else "any"
    return (item.field, linking, values)


def detection_form(detection):
    parts = [detection_form(one) if isinstance(one, SigmaDetection) else item_form(one) for one in detection.detection_items]
    return (detection.item_linking.__name__ if len(set(parts)) > 1 else "any", frozenset(parts))


def values_in(detection, place=()):
    """Each value with the place of its list."""
    found = set()
    for number, one in enumerate(detection.detection_items):
        if isinstance(one, SigmaDetectionItem):
            found |= {((*place, number), value_form(one, value)) for value in one.value}
        else:
            found |= values_in(one, (*place, number))
    return found


def detections_of(path):
    """The detections of each document of a file, by name, as YAML and as pySigma has them."""
    for number, document in enumerate(yaml.safe_load_all(path.read_text(encoding="utf-8"))):
        detection = document.get("detection") if isinstance(document, dict) else None
        if not isinstance(detection, dict):
            continue
        for name, written in detection.items():
            if name in ("condition", "timeframe"):
                yield (number, name), written, written
            else:
                try:
                    yield (number, name), written, SigmaDetection.from_definition(written)
                except Exception as fault:  # What pySigma refuses before must be refused after.
                    yield (number, name), written, f"refused: {type(fault).__name__}"


def is_equal(before, after):
    if isinstance(before, SigmaDetection) and isinstance(after, SigmaDetection):
        return detection_form(before) == detection_form(after)
    return before == after


def text_of(form):
    return "".join(part if isinstance(part, str) else WILDCARDS.get(part, "?") for part in form[1])


def holds_whenever(wide, narrow):
    """Whether a text with wildcards takes in whatever another one takes in."""
    if wide[0] != narrow[0] or wide[0] == "re":
        return False
    parts = (re.escape(part) if isinstance(part, str) else ".*" if part == SpecialChars.WILDCARD_MULTI else "." for part in wide[1])
    # Private characters stand for whatever is behind the wildcards of the other.
    text = "".join(part if isinstance(part, str) else "\ue000" for part in narrow[1])
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def is_covered(lost, kept):
    """In a list of alternatives by a wider text, below `all` by a narrower one."""
    place, form = lost
    others = [other for at, other in kept if at == place]
    return any(holds_whenever(other, form) or holds_whenever(form, other) for other in others)


def main(before, after):
    changed = equal = 0
    lost_covered, wrong = [], []
    for path in sorted(before.rglob("*.yml")):
        twin = after / path.relative_to(before)
        if path.read_bytes() == twin.read_bytes():
            continue
        now = {key: (written, parsed) for key, written, parsed in detections_of(twin)}
        for key, written, parsed in detections_of(path):
            written_now, parsed_now = now.get(key, (None, None))
            if written == written_now:
                continue
            changed += 1
            if is_equal(parsed, parsed_now):
                equal += 1
                continue
            place = f"{path.relative_to(before)} {key[1]}"
            if not (isinstance(parsed, SigmaDetection) and isinstance(parsed_now, SigmaDetection)):
                wrong.append(f"{place}: not to be compared")
                continue
            old, new = values_in(parsed), values_in(parsed_now)
            lost = "; ".join(sorted(text_of(form) for _, form in old - new))
            came = "; ".join(sorted(text_of(form) for _, form in new - old))
            if not new - old and old - new and all(is_covered(one, new) for one in old - new):
                lost_covered.append(f"{place}: lost {lost}")
            else:
                wrong.append(f"{place}: lost {lost or 'nothing'}; came in {came or 'nothing'}")
    for title, lines in (("lost a covered value", lost_covered), ("differ", wrong)):
        for line in lines:
            print(f"{title}: {line}")
    print(f"{changed} detections changed, {equal} equal, {len(lost_covered)} lost a covered value, {len(wrong)} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("python scripts/fix-oracle.py BEFORE AFTER")
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
