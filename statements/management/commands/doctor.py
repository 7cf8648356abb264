"""Say what is wrong with this installation, and what to do about it."""

from django.core.management.base import BaseCommand, CommandError

from statements.operating import doctor


class Command(BaseCommand):
    help = (
        "Looks at settings, database, disk, folders, mail, libraries, clock, what is due, search"
        " and dumps, and says in words what to do. Ends with 1 where something is wrong. Changes"
        " nothing, and sends nothing."
    )
    # What they find is told among the rest.
    requires_system_checks = ()

    def handle(self, **options: object) -> None:
        style = {
            doctor.WELL: self.style.SUCCESS,
            doctor.LOOK: self.style.WARNING,
            doctor.WRONG: self.style.ERROR,
        }
        wrong = 0
        for one in doctor.examine():
            wrong += one.state == doctor.WRONG
            self.stdout.write(style[one.state](f"{one.state:5}  {one.subject}: {one.words}"))
        if wrong:
            raise CommandError(f"{wrong} things are wrong.")
