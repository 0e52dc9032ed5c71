"""The words around a story where it is written out, and how its numbers stand in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str | Mapping[str, str]]] = {
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
        "of_many": {"one": "{part} of {whole} simulations", "other": "{part} of {whole} simulations"},
        "times": "{number} times",
        "rises": "it rises",
        "falls": "it falls",
        "hardly": "it hardly moves",
        "choose_rises": "Rises",
        "choose_hardly": "Hardly changes",
        "choose_falls": "Falls",
        "made": "{members} simulations, seed {seed}; amounts are medians",
        "not_open": "{name}: the words leave it open, and it is so in {share} of simulations",
        "unlike": "{name}: the words say that {direction}, which holds in {share} of simulations",
    },
    "fr": {
        "step": "Étape {number} sur {count}",
        "corridor": "Corridor",
        "illustrative": "exemple fictif : chiffres ronds, à des fins pédagogiques",
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
        "of_many": {"one": "{part} simulation sur {whole}", "other": "{part} simulations sur {whole}"},
        "times": "{number} fois",
        "rises": "hausse",
        "falls": "baisse",
        "hardly": "presque aucun changement",
        "choose_rises": "Hausse",
        "choose_hardly": "Presque aucun changement",
        "choose_falls": "Baisse",
        "made": "{members} simulations, graine {seed} ; les valeurs sont des médianes",
        "not_open": "{name} : le texte laisse la question ouverte, alors que c'est le cas dans {share} des simulations",
        "unlike": "{name} : le texte annonce « {direction} », ce qui est vrai dans {share} des simulations",
    },
}


def say(language: str, key: str, form: str = "other", **given: object) -> str:
    """A text of a language with what is given put in its places; `form` says whether a noun stands in the singular."""
    text = WORDS[language][key]
    return (text if isinstance(text, str) else text[form]).format(**given)
