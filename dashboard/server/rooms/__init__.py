"""The handlers of rooms: the page of phones, what they send and hear, and what the presenter alone may do."""
