"""One browser tab, from what it says to what it shows. All goes one way:

{"moves": [{"id": "border_control", "value": 2}], "turn": 7, "panel": "levers"}    a component sends it
  │  Session.receive                    notes the turn; `messages.read` makes it a value, once
  ▼
Message ─► state/update.py ─► State     pure: `update(state, message)`; where it is refused, the state stays.
  │                             │       A `History` holds it, and those before and after.
  │  effects.py                 ▼
  │  files, downloads       Computation runs at once; ranges and reasons later, from the background (jobs.py);
  │  theme, replay              │       all of them made and cached in compute/
  ▼                             ▼
Session.snapshot() ───────► PageSnapshot state, runs, notices, theme: all that one picture rests on, made once
                                │       Screen.repaint: only the parts of the screen that rest on what changed
                                ▼
view_model/, pages/                     plain values, and pieces of HTML, of a snapshot
                                │
                                ▼
components/, charts/                    one message to the browser
"""
