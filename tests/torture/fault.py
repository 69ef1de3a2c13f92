"""What a fault is, and the list of them. A fault does its harm while people are at work and mends it again:

    class Mine(Fault):
        name = "mine"                                # as the table shows it
        engines = ("sqlite", "postgresql")
        def run(self, world, chance): …; return 3    # how often it struck

`world` is world.py's. Put `@fault` above the class, import its file in torture.py, and it takes part."""
FAULTS = []


class CannotHere(Exception):
    """This machine or this user does not allow the fault; the reason is shown."""


class Fault:
    name = ""
    engines = ("sqlite", "postgresql")
    reads = False    # whatever is open to somebody is shown to her all the time
    answers = True   # every request is answered, if only with 503
    disk_mb = None   # a city of its own, its database on a file system of that size
    own_site = False
    cheap = True     # played once before any is played again
    takes = 4.0      # seconds of a round, about, where the machine has nothing else to do
    pause = 0.012    # seconds between two deeds of one person
    phones = 1       # telephones of each resident (a few have two)
    ill = None       # how often requests go out in an unfriendly way, if not as usual

    def run(self, world, chance):
        raise NotImplementedError

    def after(self, world):
        """What must be true in the end, beside all that is always asked; a list of sentences about what is not."""
        return []


def fault(kind):
    FAULTS.append(kind())
    return kind
