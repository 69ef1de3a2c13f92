"""What became of one engine: counts by fault, as a table and as JSON."""
COLUMNS = ("rounds", "faults", "acknowledged", "lost", "doubled", "invariant_failures")


class Tally:
    def __init__(self, engine):
        self.engine = engine
        self.rows = {}
        self.skipped = {}     # fault -> why this machine does not allow it
        self.not_played = []  # faults for which there was no time
        self.undecided = 0
        self.trouble = None   # why nothing more was played

    def add(self, result):
        """`result`: play.py's line about a round."""
        if result["skipped"]:
            self.skipped[result["fault"]] = result["skipped"]
        kinds = [finding["kind"] for finding in result["findings"]]
        row = self.rows.setdefault(result["fault"], dict.fromkeys(COLUMNS, 0))
        row["rounds"] += 1
        row["faults"] += result["faults"]
        row["acknowledged"] += result["acknowledged"]
        row["lost"] += kinds.count("lost")
        row["doubled"] += kinds.count("doubled")
        row["invariant_failures"] += kinds.count("invariant")
        self.undecided += kinds.count("undecided")

    def total(self):
        return {name: sum(row[name] for row in self.rows.values()) for name in COLUMNS}

    def bad(self):
        return self.trouble is not None or any(self.total()[name] for name in ("lost", "doubled", "invariant_failures"))

    def report(self):
        by_fault = {name: dict(row, **({"skipped": self.skipped[name]} if name in self.skipped else {}))
                    for name, row in sorted(self.rows.items())}
        return {**self.total(), "undecided": self.undecided, "not_played": self.not_played, "by_fault": by_fault}

    def table(self):
        lines = [f"{self.engine:22}" + "".join(f"{name.replace('_', ' '):>{max(8, len(name) + 2)}}" for name in COLUMNS)]
        for name, row in sorted(self.rows.items()) + [("all", self.total())]:
            lines.append(f"  {name:20}" + "".join(f"{row[column]:>{max(8, len(column) + 2)}}" for column in COLUMNS)
                         + (f"   skipped: {self.skipped[name]}" if name in self.skipped else ""))
        if self.not_played:
            lines.append("  not played, for want of time: " + ", ".join(self.not_played))
        if self.undecided:
            lines.append(f"  {self.undecided} histories were too long to decide")
        if self.trouble:
            lines.append("  nothing more was played: " + self.trouble)
        return "\n".join(lines)
