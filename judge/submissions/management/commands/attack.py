"""`manage.py attack [--only NAME]`: the attack catalogue against the live site; see CONTRIBUTING.md."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from judge.submissions.attacking import Attack, catalogue
from judge.submissions.offered import available_languages
from judge.submissions.siege import Fought, NoAnswer, Siege

NOT_ALLOWED = 1
COULD_NOT_RUN = 2


class Command(BaseCommand):
    """Exit code 0 where every verdict is allowed, 1 where one is not, 2 where the attacks could not be run."""

    help = "Submits the attack catalogue to the running site, waits for the verdicts, removes all that it made."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which attacks."""
        parser.add_argument("--only", action="append", metavar="NAME", help="this attack alone; may be given again")

    def handle(self, *, only: list[str] | None, **_: Any) -> None:
        """Attack, print, exit."""
        attacks = _chosen(only)
        here = available_languages()
        missing = [attack for attack in attacks if attack.language not in here]
        attacks = [attack for attack in attacks if attack.language in here]
        fought = []
        try:
            with Siege() as siege, tqdm(total=len(attacks), unit=" attacks") as bar:
                for one in siege.fight(attacks):
                    fought.append(one)
                    bar.update()
        except NoAnswer as error:
            raise CommandError(str(error), returncode=COULD_NOT_RUN) from error
        order = {attack.name: number for number, attack in enumerate(attacks)}
        self.stdout.write(_as_table(sorted(fought, key=lambda one: order[one.attack.name])))
        for attack in missing:
            self.stdout.write(f"not run: {attack.name}, the sandbox image has no {attack.language}")
        wrong = sum(not one.ok for one in fought)
        self.stdout.write(f"{len(fought) - wrong} of {len(fought)} attacks ended as they may")
        if wrong:
            sys.exit(NOT_ALLOWED)


def _chosen(only: list[str] | None) -> list[Attack]:
    """The attacks in the catalogue's order, with those before them that they follow."""
    known = catalogue()
    if only is None:
        return list(known.values())
    if unknown := set(only) - set(known):
        raise CommandError(f"no such attack: {', '.join(sorted(unknown))}", returncode=COULD_NOT_RUN)
    wanted = {*only, *(known[name].follows for name in only)}
    return [attack for name, attack in known.items() if name in wanted]


def _as_table(fought: list[Fought]) -> str:
    lines = [f"{'attack':<40}  {'category':<24}  {'verdict':<7}  {'allowed':<16}  {'':<3}  {'ms':>6}"]
    for one in fought:
        attack = one.attack
        verdict, allowed = one.verdict or "refused", " ".join(attack.verdicts)
        time_ms = "" if one.time_ms is None else str(one.time_ms)
        lines.append(
            f"{attack.name:<40}  {attack.category:<24}  {verdict:<7}  {allowed:<16}  "
            f"{'ok' if one.ok else 'NOT':<3}  {time_ms:>6}  {'' if one.ok else one.error}".rstrip()
        )
    return "\n".join(lines)
