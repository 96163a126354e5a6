"""data-juicer's dj-process as environment/bench juicer runs it.

Two things differ from the installed command, both in its favour: messages are written at once instead of through a queue of
processes (some systems have none), and libraries that it imports without these recipes using them (PyTorch's networks,
readers of Word files, …) need not be installed.
"""
import sys, types

import loguru


class Unused(types.ModuleType):
    """Stands for a library that is imported and not used."""
    __path__ = []
    __spec__ = None

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return type(name, (), {})


for name in ['docx', 'pdfplumber', 'librosa.decompose', 'librosa', 'spacy', 'wordcloud', 'imagededup.methods.cnn', 'imagededup.utils.models',
             'httpx', 'wget', 'fastapi']:
    sys.modules[name] = Unused(name)

add = loguru.logger.add
loguru.logger.add = lambda *arguments, **options: add(*arguments, **{**options, 'enqueue': False})

from data_juicer.tools.process_data import main

main()
