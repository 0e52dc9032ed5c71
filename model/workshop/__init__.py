"""Teams in a room: eight roles that propose what to do on a corridor, each with its levers and its budget.

read_workshop(file)              roles_reader.py   YAML -> Workshop (roles.py), with every fault at its line
seated(workshop, seats)          seats.py          the role of each seat
teams_on(workshop, scenario, …)  teams.py          levers as teams see them, with prices (prices.py) and budgets
proposal_slip(teams, number)     proposals.py      what phones show of it; read_proposal checks an answer
Round(teams, number, proposals)  rounds.py         min, median, max of each lever, who moved it, and scenarios
read_proposals(path, teams)      typed_forms.py    the same from forms on paper, typed into a CSV file
cards, forms, result_sheets      sheets.py         pages to print
spread_table(round, language)    spread_table.py   what was proposed, as a table of a page
"""

from pushpull.workshop.proposals import Proposal, RefusedProposal, proposal_slip, read_proposal
from pushpull.workshop.roles import Role, Workshop
from pushpull.workshop.roles_reader import read_workshop, workshop_from_text
from pushpull.workshop.rounds import LeverSpread, Round
from pushpull.workshop.seats import roles_for, seated
from pushpull.workshop.teams import Teams, teams_on

__all__ = [
    "LeverSpread",
    "Proposal",
    "RefusedProposal",
    "Role",
    "Round",
    "Teams",
    "Workshop",
    "proposal_slip",
    "read_proposal",
    "read_workshop",
    "roles_for",
    "seated",
    "teams_on",
    "workshop_from_text",
]
