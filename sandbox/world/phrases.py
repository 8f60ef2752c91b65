"""What customers and agents write."""

from __future__ import annotations

PRAISE_TITLES = ("Love it", "Exactly right", "A keeper", "Beautiful", "Would buy again")
PRAISE = (
    "Well made, and it looks even better than in the pictures.",
    "Arrived quickly and is used every day.",
    "The second one I bought, this time as a gift.",
    "Lovely quality for the price.",
)
MIXED_TITLES = ("It is okay", "Not bad", "Smaller than thought")
MIXED = (
    "Does what it should, but the colour is a little different.",
    "Fine, though I expected it to be sturdier.",
    "Nice, the packaging could be better.",
)
BLAME_TITLES = ("Disappointed", "Not again", "Came too late")
BLAME = (
    "It took far too long to arrive.",
    "Broke after a week.",
    "Not at all as described, and sending it back was a chore.",
)
QUESTIONS = (
    "Is this safe for the dishwasher?",
    "How heavy is it?",
    "When will the large one be back?",
    "Does it come with a box?",
)
ANSWERS = ("Yes, it is.", "You find it under the details.", "Next month.", "It does.")

PROMOTER_COMMENTS = ("Great shop, great people.", "Always on time.", "Friends ask where I get it.")
PASSIVE_COMMENTS = ("Good, could be cheaper.", "All fine.", "More choice would be nice.")
DETRACTOR_COMMENTS = ("The parcel was late.", "Nobody answered.", "The quality has got worse.")

TICKET_SUBJECTS = {
    "late_parcel": ("Where is my parcel?", "Still waiting", "Tracking does not move"),
    "damaged": ("Arrived broken", "A crack in it"),
    "wrong_item": ("Not what I ordered", "Wrong colour"),
    "question": ("A question before I buy", "Do you ship abroad?", "Size?"),
    "return": ("How do I send it back?", "Return label please"),
}
SPAM_SUBJECTS = ("Rank first in search", "Invoice attached", "Partnership!!!")
AGENT_SUBJECTS = ("About your order", "Your address, please")
CUSTOMER_LINES = (
    "Hello, can you help me with my order?",
    "Thank you, I will have a look.",
    "Any news?",
    "I have attached a picture.",
)
AGENT_LINES = (
    "Thank you for writing. I am looking into it.",
    "The carrier has found it, it should be with you tomorrow.",
    "I have sent you a label.",
    "Is there anything else?",
)
NOTES = ("Called the carrier.", "Third time this week.", "Goodwill is fine here.")
AUTO_REPLY = "We have your message and answer within a day."
AGENTS = (
    ("Ada Brandt", "ada@basketline.example"),
    ("Ben Okoro", "ben@basketline.example"),
    ("Cleo Marsh", "cleo@basketline.example"),
)
GOOD_HELP = ("Quick and kind.", "Solved in one mail.", "")
BAD_HELP = ("It took days.", "I had to ask twice.", "")

SUBJECTS = (
    "New on our shelves", "Made for slow mornings", "Back in stock", "Last days",
    "A small thank-you", "What others love", "Gifts under 30",
)  # fmt: skip
CAPTIONS = (
    "Slow mornings.", "The new mugs are here.", "From our workshop.", "Which one is yours?",
    "Sunday table.", "Behind the scenes.",
)  # fmt: skip
COMPANIES = ("Cafe Morgen", "Hotel Linde", "Studio Nord", "Praxis Adler", "Buero Weber",
             "Bistro Sol")  # fmt: skip
