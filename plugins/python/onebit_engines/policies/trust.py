"""Which of two policies a switch follows: the first on credit, the second for certain. Rule, reasons, bounds and their proof are in
the library's src/policies/augmented/trust.ts."""

from math import isqrt, sqrt


def margin_for(margin, capacity):
    """By how many faults a policy that is followed may lag: two good ones lead in turn by some √capacity, and a small cache has few hits
    to lose."""
    return min(int(margin), isqrt(25 * capacity))


class Trust:
    __slots__ = ("follows_first", "saved", "lag", "differed", "margin", "patience", "lead", "saved_before")

    def __init__(self, margin):
        self.follows_first = True
        #: Faults of the second policy alone beyond those of the real cache; negative in debt.
        self.saved = 0
        #: Faults of the followed policy beyond the other's, since the best moment of this side.
        self.lag = 0
        #: Requests on this side that only one of the two hit.
        self.differed = 0
        self.margin = margin
        #: By how much the first policy may lag when nothing was saved.
        self.patience = margin
        #: By how much it must lead to be followed again when nothing is owed.
        self.lead = 0.5 * margin
        #: What was saved when it was followed the last time.
        self.saved_before = 0

    def changes(self, hit, other_hit, real_hit):
        """Asked once at every request: whether sides change."""
        if not (other_hit if self.follows_first else hit):
            self.saved += 1
        if hit != other_hit:
            self.differed += 1
            if other_hit:
                self.lag += 1
            elif self.lag:
                self.lag -= 1
        saved = self.saved
        if saved >= 0:
            self.patience = self.margin
        if not real_hit:
            self.saved -= 1
        lag = self.lag
        if not lag or lag <= self._allowance(saved):
            return False
        self._change_sides(saved)
        return True

    def _change_sides(self, saved):
        self.lag = 0
        self.differed = 0
        if self.follows_first:
            self.patience //= 2
            self.lead = 0.5 * self.margin if saved > self.saved_before else min(5 * self.margin, 2 * self.lead)
        else:
            self.saved_before = saved
        self.follows_first = not self.follows_first

    def _allowance(self, saved):
        if self.follows_first:
            return min(self.patience, 10 * sqrt(self.differed)) + max(0, saved) / 200
        return min(5 * self.margin, max(self.lead, -2 * saved))
