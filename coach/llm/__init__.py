"""Language models behind the LanguageModel port. Imported only when one is configured.

Knows LangChain and how servers fail; must not know coaching, the web, or what a prompt is about.
"""

from coach.llm.calls import Outside
from coach.llm.vault import Vault, language_models

__all__ = ["Outside", "Vault", "language_models"]
