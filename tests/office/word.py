"""Marked Word files in the hands of LibreOffice.

For each text: accepting all changes gives what `kanwu fix --level review` writes, rejecting all
gives the text, and what Writer saves is read back by `kanwu decisions import` as it was decided.

    python3 tests/office/word.py KANWU TEXT… [--pages FILE.jsonl COUNT]
"""

import json
import os
import random
import subprocess
import sys
import tempfile

from writer import Writer, paragraphs

ACCEPT, REJECT = ".uno:AcceptAllTrackedChanges", ".uno:RejectAllTrackedChanges"


def lines(text):
    """The lines of a text, without empty ones at the end: whether a last line ends with a line
    break cannot be seen on paper."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found = text.replace("\f", "\n").replace("\v", "\n").split("\n")
    while found and found[-1] == "":
        found.pop()
    return found


class Desk:
    """A folder with one text in it, and kanwu."""

    def __init__(self, kanwu, folder, text):
        self.kanwu, self.folder = kanwu, folder
        with open(self.path("page.txt"), "wb") as file:
            file.write(text)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *args):
        call = [self.kanwu, *args, "--lang", "en"]
        environment = {**os.environ, "XDG_DATA_HOME": self.folder}
        done = subprocess.run(call, cwd=self.folder, capture_output=True, env=environment)
        if done.returncode > 1:
            raise RuntimeError(f"{call}: {done.stderr.decode()}")
        return done

    def imported(self, name):
        """The verdicts read back from a file, by identity, and what was changed elsewhere."""
        log = self.path(name + ".jsonl")
        done = self.run("decisions", "import", name, "-o", log)
        told = [line for line in done.stderr.decode().splitlines() if line.startswith("kanwu: ")]
        if not os.path.exists(log):
            return {}, told
        with open(log, encoding="utf-8") as file:
            read = [json.loads(line) for line in file]
        return {line["id"]: line["verdict"] for line in read}, told


def check(writer, desk, name):
    """What is wrong with the way of one text."""
    wrong = []

    def compare(what, found, wanted):
        if found != wanted:
            wrong.append(f"{name}: {what}: {difference(found, wanted)}")

    desk.run("check", "page.txt", "--format", "docx", "-o", "page.docx", "--save=saved.jsonl")
    fixed = desk.run("fix", "page.txt", "--level", "review", "--stdout").stdout.decode()
    with open(desk.path("page.txt"), "rb") as file:
        text = file.read().decode()
    with open(desk.path("saved.jsonl"), encoding="utf-8") as file:
        all_ids = {json.loads(line)["id"] for line in file}

    document = writer.open(desk.path("page.docx"))
    writer.save(document, desk.path("untouched.docx"))
    document.close(True)
    compare("untouched", desk.imported("untouched.docx"), ({}, []))

    verdicts = {}
    for command, wanted in ((ACCEPT, fixed), (REJECT, text)):
        document = writer.open(desk.path("page.docx"))
        writer.dispatch(document, command)
        found = lines("\n".join(paragraphs(document)))
        compare(command, found, lines(wanted))
        writer.save(document, desk.path("decided.docx"))
        document.close(True)
        verdicts[command], told = desk.imported("decided.docx")
        os.remove(desk.path("decided.docx.jsonl")) if verdicts[command] else None
        compare(command + " told", "; ".join(told), "")
    tracked = set(verdicts[REJECT])
    compare("accepted", verdicts[ACCEPT], dict.fromkeys(tracked, "accept"))
    compare("rejected", verdicts[REJECT], dict.fromkeys(tracked, "reject"))
    compare("foreign", tracked - all_ids, set())

    # One by one: applied to the text, the decisions give the text that Writer has, unless half of a
    # move or of a join was accepted, which is told.
    chance = random.Random(name)
    one_by_one = [".uno:AcceptTrackedChange", ".uno:RejectTrackedChange"]
    document = writer.open(desk.path("page.docx"))
    writer.decide(document, lambda: chance.choice(one_by_one))
    # What could not be reached with the cursor.
    writer.dispatch(document, REJECT)
    writer.save(document, desk.path("some.docx"))
    found = lines("\n".join(paragraphs(document)))
    document.close(True)
    decided, told = desk.imported("some.docx")
    if decided and not told:
        log = desk.path("some.docx.jsonl")
        done = desk.run("apply", "saved.jsonl", "--decisions", log, "--stdout")
        compare("one by one", lines(done.stdout.decode()), found)
    return wrong, len(all_ids), len(tracked), (len(decided), len(told))


def difference(found, wanted):
    if isinstance(found, list) and isinstance(wanted, list):
        for number, (one, other) in enumerate(zip(found, wanted)):
            if one != other:
                return f"paragraph {number + 1}: {one[:60]!r}, not {other[:60]!r}"
        return f"{len(found)} paragraphs, not {len(wanted)}"
    return f"{str(found)[:300]}, not {str(wanted)[:300]}"


def texts(arguments):
    while arguments:
        argument = arguments.pop(0)
        if argument != "--pages":
            with open(argument, "rb") as file:
                yield argument, file.read()
            continue
        path, count = arguments.pop(0), int(arguments.pop(0))
        with open(path, encoding="utf-8") as file:
            pages = [json.loads(line) for line in file]
        for page in random.Random(20).sample(pages, min(count, len(pages))):
            yield page["id"], page["ocr_hard"].encode()


def main():
    kanwu, *arguments = sys.argv[1:]
    kanwu = os.path.abspath(kanwu)
    wrong, pages, suggestions, tracked, decided, told = [], 0, 0, 0, 0, 0
    with Writer() as writer:
        for name, text in texts(arguments):
            with tempfile.TemporaryDirectory() as folder:
                desk = Desk(kanwu, folder, text)
                found, of_page, of_tracked, one_by_one = check(writer, desk, name)
            wrong += found
            decided, told = decided + one_by_one[0], told + one_by_one[1]
            pages, suggestions, tracked = pages + 1, suggestions + of_page, tracked + of_tracked
    for line in wrong:
        print(line)
    print(
        f"{pages} texts, {suggestions} suggestions, {tracked} tracked changes; one by one "
        f"{decided} decided, {told} half decided and told; "
        f"{len(wrong)} not as they should be"
    )
    sys.exit(1 if wrong else 0)


main()
