"""Computes this folder's files: what data-juicer 1.0.0's dj-analyze writes for analyze.yaml.

    pip install "datasets==2.18.0" "dill==0.3.8" "numpy<2" "pyarrow==15.0.2" pandas==2.2.3 tabulate matplotlib loguru \
        "jsonargparse[signatures]" pydantic regex emoji==2.2.0 zstandard av pillow psutil pyyaml
    pip install --no-deps py-data-juicer==1.0.0
    cp -r ../../../juicer/img ../../../juicer/metadata.jsonl .
    python make_analysis.py      # in this folder, then delete the copies and output/

overall.csv and overall.md are its own; stats.jsonl is its output/result_stats.jsonl. It has no correlations yet:
correlation.json is pandas' DataFrame.corr() of the statistics, with the mean where a sample has several pictures
(as CorrelationAnalysis of data-juicer 1.4.1 does), and nothing where it has none.
"""
import json, os, shutil, sys, types

UNUSED = ['docx', 'pdfplumber', 'librosa.decompose', 'librosa', 'spacy', 'wordcloud', 'httpx', 'wget', 'fastapi']
os.environ['HF_DATASETS_OFFLINE'] = '1'


class Unused(types.ModuleType):
    """Stands for what data-juicer imports but these operators do not use."""
    __path__ = []
    __spec__ = None

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return type(name, (), {})


for name in UNUSED:
    sys.modules[name] = Unused(name)
from loguru import logger
add = type(logger).add  # its queue stops a script like this one from ending
type(logger).add = lambda self, *args, **options: add(self, *args, **{**options, 'enqueue': False})
import pandas
from data_juicer.config import init_configs
from data_juicer.core.analyzer import Analyzer

if __name__ == '__main__':
    Analyzer(init_configs(['--config', 'analyze.yaml'])).run()
    for name in ['overall.csv', 'overall.md']:
        shutil.copy('output/analysis/' + name, name)
    shutil.copy('output/result_stats.jsonl', 'stats.jsonl')
    lines = [json.loads(line)['__dj__stats__'] for line in open('stats.jsonl')]
    frame = pandas.DataFrame(lines)
    for name in frame.columns:
        if isinstance(frame[name][0], list):
            frame[name] = frame[name].apply(lambda values: sum(values) / len(values) if values else None)
    correlation = frame.astype(float).corr()
    with open('correlation.json', 'w') as out:
        json.dump({name: correlation[name].tolist() for name in correlation.columns}, out, indent=1)
