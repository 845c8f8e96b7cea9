"""Language models behind the LanguageModel port. Imported only when one is configured."""
