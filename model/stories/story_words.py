"""The words around a story where it is written out, and how its numbers stand in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "step": "Step {number} of {count}",
        "corridor": "Corridor",
        "illustrative": "illustrative: round numbers of no real place",
        "audience": "For",
        "minutes": "Minutes",
        "claim": "The policy text claims",
        "setting": "Setting",
        "options": "Options",
        "shown": "Shown",
        "hidden": "Hidden until revealed",
        "question": "Question",
        "choices": "To choose from",
        "answer": "Answer",
        "range": "{value} (90 % of simulations: {low} to {high})",
        "clear": "{answer}; so in {share} of simulations",
        "named": "{name}: {value}",
        "and_then": "; ",
        "after": "Afterwards",
        "notes": "For the presenter",
        "of_many": "{part} of {whole}",
        "times": "{number} times",
        "rises": "it rises",
        "falls": "it falls",
        "hardly": "it hardly moves",
        "made": "{members} simulations, seed {seed}; amounts are medians",
        "unlike": "the words say that {name} {direction}, which holds in {share} of simulations",
    },
    "fr": {
        "step": "Étape {number} sur {count}",
        "corridor": "Corridor",
        "illustrative": "illustratif : chiffres ronds d'aucun lieu réel",
        "audience": "Public",
        "minutes": "Minutes",
        "claim": "Ce qu'affirme le texte d'orientation",
        "setting": "Réglage",
        "options": "Options",
        "shown": "À l'écran",
        "hidden": "Masqué jusqu'à la révélation",
        "question": "Question",
        "choices": "Choix proposés",
        "answer": "Réponse",
        "range": "{value} (90 % des simulations : de {low} à {high})",
        "clear": "{answer} ; dans {share} des simulations",
        "named": "{name} : {value}",
        "and_then": " ; ",
        "after": "Ensuite",
        "notes": "Pour l'animateur",
        "of_many": "{part} sur {whole}",
        "times": "{number} fois",
        "rises": "hausse",
        "falls": "baisse",
        "hardly": "presque aucun changement",
        "made": "{members} simulations, graine {seed} ; les valeurs sont des médianes",
        "unlike": "le texte annonce une évolution de {name} ({direction}) vraie dans {share} des simulations",
    },
}


def say(language: str, key: str, **given: object) -> str:
    """A text of a language with what is given put in its places."""
    return WORDS[language][key].format(**given)
