"""The queue against a model that is slow and plain: one list of people and one list of tickets for each."""

from __future__ import annotations

import copy

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chiploom.hub.dispatch.fair_queue import FairQueue, Ticket

PEOPLE = st.integers(1, 4)


class Model:
    """People in the order of their turns; those with an exam and those without stand in lines of their own."""

    def __init__(self) -> None:
        self.lines: dict[bool, list[list[Ticket]]] = {True: [], False: []}

    def _of(self, ticket: Ticket) -> list[Ticket] | None:
        return next((own for own in self.lines[ticket.is_exam] if own[0].user_id == ticket.user_id), None)

    def put(self, ticket: Ticket) -> None:
        own = self._of(ticket)
        if own is None:
            self.lines[ticket.is_exam].append([ticket])
        else:
            own.append(ticket)

    def put_back(self, ticket: Ticket) -> None:
        line, own = self.lines[ticket.is_exam], self._of(ticket)
        if own is not None:
            line.remove(own)
        line.insert(0, [ticket, *(own or [])])

    def take(self) -> Ticket | None:
        for line in (self.lines[True], self.lines[False]):
            if line:
                ticket, *rest = line.pop(0)
                if rest:
                    line.append(rest)
                return ticket
        return None

    @property
    def tickets(self) -> list[Ticket]:
        return [ticket for line in self.lines.values() for own in line for ticket in own]

    def order(self) -> list[Ticket]:
        """All that wait, in the order in which they would be taken."""
        remaining = copy.deepcopy(self)
        taken = []
        while (ticket := remaining.take()) is not None:
            taken.append(ticket)
        return taken


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.queue = FairQueue()
        self.model = Model()
        self.number = 0
        self.taken: list[Ticket] = []

    @rule(user_id=PEOPLE, is_exam=st.booleans())
    def put(self, user_id: int, is_exam: bool) -> None:
        self.number += 1
        ticket = Ticket(self.number, user_id, is_exam)
        self.queue.put(ticket)
        self.model.put(ticket)

    @rule()
    def take(self) -> None:
        ticket = self.queue.take()
        assert ticket == self.model.take()
        if ticket is not None:
            self.taken.append(ticket)

    @rule(data=st.data())
    def put_back(self, data: st.DataObject) -> None:
        if self.taken:
            ticket = self.taken.pop(data.draw(st.integers(0, len(self.taken) - 1)))
            self.queue.put_back(ticket)
            self.model.put_back(ticket)

    @invariant()
    def places_are_the_numbers_of_takes_before(self) -> None:
        for place, ticket in enumerate(self.model.order()):
            assert self.queue.place_of(ticket) == place
        for ticket in self.taken:
            assert self.queue.place_of(ticket) is None

    @invariant()
    def counts_agree(self) -> None:
        tickets = self.model.tickets
        assert len(self.queue) == len(tickets)
        for user_id in range(6):
            assert self.queue.waiting_of(user_id) == sum(ticket.user_id == user_id for ticket in tickets)

    @invariant()
    def exams_go_first_and_nobody_waits_for_the_same_person_twice(self) -> None:
        order = self.model.order()
        exams = [ticket for ticket in order if ticket.is_exam]
        assert order[: len(exams)] == exams
        for line in self.model.lines.values():
            first_place = len(exams) if line and not line[0][0].is_exam else 0
            for own in line:
                for earlier, ticket in enumerate(own):
                    place = self.queue.place_of(ticket)
                    assert place is not None
                    assert place - first_place < len(line) * (earlier + 1)


Machine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestFairQueue = Machine.TestCase


def test_what_was_not_served_comes_first_again() -> None:
    queue = FairQueue()
    first, second, exam = Ticket(1, 1), Ticket(2, 2), Ticket(3, 3, is_exam=True)
    for ticket in (first, second):
        queue.put(ticket)
    assert queue.take() == first
    queue.put(exam)
    queue.put_back(first)
    assert [queue.take(), queue.take(), queue.take(), queue.take()] == [exam, first, second, None]
