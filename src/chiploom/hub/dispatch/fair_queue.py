"""The order in which submissions are graded: exams before practice, and turn by turn among people.

Within each class of service people take turns (round-robin), so that somebody who hands in fifty designs waits for
everybody else's first, and nobody else waits for theirs.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ticket:
    """A submission that waits."""

    submission_id: int
    user_id: int
    is_exam: bool = False


class FairQueue:
    """A queue that several threads may use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: By class of service, exam first: who waits, in the order of their turns, with what.
        self._waiting: tuple[OrderedDict[int, deque[Ticket]], ...] = (OrderedDict(), OrderedDict())
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def put(self, ticket: Ticket) -> None:
        """Add a ticket behind those of the same person."""
        with self._lock:
            self._waiting[not ticket.is_exam].setdefault(ticket.user_id, deque()).append(ticket)
            self._size += 1

    def put_back(self, ticket: Ticket) -> None:
        """Add a ticket that was taken and not served, before all others of its class."""
        with self._lock:
            people = self._waiting[not ticket.is_exam]
            people.setdefault(ticket.user_id, deque()).appendleft(ticket)
            people.move_to_end(ticket.user_id, last=False)
            self._size += 1

    def take(self) -> Ticket | None:
        """Take the next ticket, None if nobody waits."""
        with self._lock:
            for people in self._waiting:
                if people:
                    user_id, tickets = people.popitem(last=False)
                    ticket = tickets.popleft()
                    if tickets:
                        people[user_id] = tickets
                    self._size -= 1
                    return ticket
            return None

    def waiting_of(self, user_id: int) -> int:
        """Return how many tickets of a person wait."""
        with self._lock:
            return sum(len(people.get(user_id, ())) for people in self._waiting)

    def place_of(self, ticket: Ticket) -> int | None:
        """Return how many tickets are served before this one if no others come, None if it does not wait."""
        with self._lock:
            people = self._waiting[not ticket.is_exam]
            own = people.get(ticket.user_id)
            if own is None or ticket not in own:
                return None
            rounds = own.index(ticket)
            before = 0 if ticket.is_exam else sum(len(tickets) for tickets in self._waiting[0].values())
            is_earlier_in_the_round = 1
            for user_id, tickets in people.items():
                if user_id == ticket.user_id:
                    is_earlier_in_the_round = 0
                before += min(len(tickets), rounds + is_earlier_in_the_round)
            return before
