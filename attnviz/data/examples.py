"""Example reviews, written for attnviz; none is taken from the dataset."""

from __future__ import annotations

from attnviz.languages import mark

EXAMPLES = {
    mark("Two hours lost"): (
        "What a waste of a good cast. The plot makes no sense after the first ten minutes, the jokes fall flat, and "
        "the action scenes look as if they were cut with a lawnmower. By the time the villain explained his stupid "
        "plan for the third time, half of the room was asleep. Avoid this mess."
    ),
    mark("A quiet triumph"): (
        "I went in expecting another slow family drama and came out with wet eyes. The two leads are wonderful "
        "together, the script trusts its silences, and the last scene on the ferry is one of the best endings I have "
        "seen in years. A small film, beautifully made, and I would gladly watch it again tonight."
    ),
    mark("Not bad at all"): (
        "I have to say that this was not bad at all. I don't usually enjoy musicals, and I was never bored. Nobody "
        "will call it a masterpiece, but it isn't the disaster that the critics promised either."
    ),
    mark("Good parts, bad film"): (
        "The photography is excellent and the music is lovely. Unfortunately the story is dull, the dialogue is "
        "awful, and the hero has the charm of a wet towel.\n\nGreat pictures alone don't make a great film."
    ),
    mark("Sarcasm"): (
        "Oh great, another superhero saving the same city from the same hole in the sky. Brilliant. I could hardly "
        "wait for the credits, which were the most moving part of the evening."
    ),
}
"""Reviews by title, which the pages translate: a clear no, a clear yes, and three that make a network think."""

STORED_METHODS = ("attention", "gradient")
"""The methods whose answers to the examples are stored with a network, to be shown until it is loaded."""
