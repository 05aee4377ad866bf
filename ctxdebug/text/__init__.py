"""Text in general, before anything of the field: words, sentences, languages, counts, printable form."""
