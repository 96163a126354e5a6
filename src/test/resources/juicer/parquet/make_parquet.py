"""Makes rows.parquet with pyarrow, and with data-juicer 1.0.0 what its recipes make of data sets beside this file.

    pip install "datasets==2.18.0" "dill==0.3.8" "numpy<2" && pip install --no-deps py-data-juicer==1.0.0
    python make_parquet.py

It writes rows.parquet and expected.jsonl here, and ../trace/expected/*.jsonl (the files of the tracer). Paths in them are
relative, without escaped slashes.
"""
import json, importlib.abc, importlib.machinery, os, shutil, sys, types

os.environ['HF_DATASETS_OFFLINE'] = '1'


class Unused(types.ModuleType):
    """Stands for what data-juicer imports but these operators do not use."""
    __path__ = []

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return type(name, (), {})


class Missing(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        wanted = sys._getframe(1)
        while wanted and 'importlib' in wanted.f_code.co_filename:
            wanted = wanted.f_back
        ours = wanted and 'data_juicer' in wanted.f_globals.get('__name__', '')
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if ours or name.split('.')[0] in stubs else None

    def create_module(self, spec):
        stubs.add(spec.name.split('.')[0])
        return Unused(spec.name)

    def exec_module(self, module):
        pass


stubs = set()
sys.meta_path.append(Missing())
import pyarrow as pa
import pyarrow.parquet as pq

table = pa.table({
    'text': pa.array(['一只猫 / a cat', 'x', None, 'two\nlines']),
    'image': pa.array([['a.png', 'b.png'], [], ['c.png'], None], pa.list_(pa.string())),
    'count': pa.array([1, 2, 3, 4], pa.int32()),
    'score': pa.array([0.5, None, 2.25, 1 / 3]),
    'half': pa.array([0.5, 1.5, 2.5, 0.1], pa.float32()),
    'good': pa.array([True, False, None, True]),
    'meta': pa.array([{'tags': ['x', None], 'size': {'w': 1, 'h': 2}}, {'tags': None, 'size': None}, None, {'tags': [], 'size': {'w': 4, 'h': 3}}]),
    'kind': pa.array(['cat', 'cat', 'dog', 'cat']),
})
pq.write_table(table, 'rows.parquet', row_group_size=3)

import datasets
datasets.disable_caching()
import yaml
from data_juicer.core.data import NestedDataset
from data_juicer.core.exporter import Exporter
from data_juicer.core.tracer import Tracer
from data_juicer.format.formatter import unify_format
from data_juicer.ops import load_ops


def run(folder):
    """What data-juicer's Executor does with the recipe in a folder, without its log and its copies of the data set."""
    recipe = yaml.safe_load(open(os.path.join(folder, 'recipe.yaml')))
    output = os.path.join(folder, 'output')
    shutil.rmtree(output, ignore_errors=True)
    os.makedirs(output)
    keys = {'image_key': recipe.get('image_key', 'images'), 'audio_key': 'audios', 'video_key': 'videos'}
    path = os.path.join(folder, recipe['dataset_path'])
    rows = pq.read_table(path) if path.endswith('.parquet') else pa.Table.from_pylist([json.loads(line) for line in open(path, encoding='utf8')])
    home = os.path.abspath(folder)
    dataset = unify_format(NestedDataset(datasets.Dataset(rows)), 'text', 1, types.SimpleNamespace(dataset_dir=home, **keys))
    process = [{name: {'text_key': 'text', 'num_proc': 1, **keys, **(options or {})} for name, options in op.items()} for op in recipe['process']]
    tracer = Tracer(output, recipe['trace_num']) if recipe.get('open_tracer') else None
    for op in load_ops(process, False):
        dataset = op.run(dataset, tracer=tracer)
    Exporter(os.path.join(output, 'result.jsonl')).export(dataset)
    prefix = home.replace('/', '\\/') + '\\/'
    return lambda name: open(os.path.join(output, name), encoding='utf8').read().replace(prefix, '').replace('\\/', '/')


result = run('.')
open('expected.jsonl', 'w', encoding='utf8').write(result('result.jsonl'))
shutil.rmtree('output')
trace = run('../trace')
os.makedirs('../trace/expected', exist_ok=True)
for name in sorted(os.listdir('../trace/output/trace')):
    open('../trace/expected/' + name, 'w', encoding='utf8').write(trace('trace/' + name))
open('../trace/expected/result.jsonl', 'w', encoding='utf8').write(trace('result.jsonl'))
shutil.rmtree('../trace/output')
