"""Records what ComfyUI's own validation answers: src/test/resources/comfy/validation.json.gz.

    python comfy_validation.py /path/to/ComfyUI    (a checkout; neither torch nor models are needed)

The functions validate_prompt and validate_inputs of its execution.py are run as they are; what that file imports and these two
do not use is replaced by stand-ins, and the nodes are classes made of comfy/conversion/object_info.json. Sets keep the order
in which things were put into them, so that the answers are the same each time.
"""
import asyncio
import copy
import gzip
import importlib.abc
import importlib.machinery
import json
import pathlib
import sys
import types
from unittest.mock import MagicMock

RESOURCES = pathlib.Path(__file__).parents[1] / 'resources' / 'comfy'
COMFYUI = pathlib.Path(sys.argv[1])
REAL = {'execution', 'comfy_execution', 'comfy_execution.graph', 'comfy_execution.graph_utils', 'comfy_execution.validation'}


class StandIn(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        made = type(name, (), {}) if name[:1].isupper() or name.startswith('_Comfy') else MagicMock(name=name)
        setattr(self, name, made)
        return made


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    TOP = {'torch', 'psutil', 'comfy', 'comfy_aimdo', 'latent_preview', 'nodes', 'comfy_execution', 'comfy_api'}

    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in self.TOP and name not in REAL:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return StandIn(spec.name)

    def exec_module(self, module):
        pass


class OrderedSet(dict):
    def __init__(self, items=()):
        super().__init__((item, None) for item in items)

    def add(self, item):
        self[item] = None

    def union(self, other):
        return OrderedSet([*self, *other])


sys.meta_path.insert(0, StandIns())
sys.path.insert(0, str(COMFYUI))
import comfy_api.latest

io = types.SimpleNamespace(AnyType=types.SimpleNamespace(io_type='*'), Combo=types.SimpleNamespace(io_type='COMBO'),
                           MatchType=types.SimpleNamespace(io_type='COMFY_MATCHTYPE_V3'))
comfy_api.latest.IO = comfy_api.latest.io = io
import execution

execution.set = OrderedSet
execution.logging.disable()


def node_class(declaration):
    def lists(value):
        return tuple(value) if isinstance(value, list) else value
    inputs = {category: {name: lists(spec) for name, spec in specs.items()} for category, specs in declaration['input'].items()}
    made = type(declaration['name'], (), {'INPUT_TYPES': classmethod(lambda cls: inputs), 'RETURN_TYPES': tuple(declaration['output'])})
    if declaration['output_node']:
        made.OUTPUT_NODE = True
    return made


DECLARATIONS = json.loads((RESOURCES / 'conversion' / 'object_info.json').read_text())
execution.nodes.NODE_CLASS_MAPPINGS = {name: node_class(declaration) for name, declaration in DECLARATIONS.items()}
PROMPT = json.loads((RESOURCES / 'conversion' / 'kolors_example.prompt.json').read_text())
TWO = json.loads((RESOURCES / 'conversion' / 'two_outputs.prompt.json').read_text())
PROBE = next(id for id, node in TWO.items() if node['class_type'] == 'ConversionProbe')
SAMPLER = '14'


def cases():
    def case(name, change, prompt=PROMPT, targets=None):
        changed = copy.deepcopy(prompt)
        made = change(changed)
        return name, (changed if made is None else made), targets

    def value(name, input, given, node=SAMPLER, prompt=PROMPT):
        def change(changed):
            changed[node]['inputs'][input] = given
        return case(name, change, prompt)

    yield case('right', lambda p: None)
    yield case('two outputs', lambda p: None, TWO)
    yield case('partial', lambda p: None, TWO, ['16'])
    yield case('partial, no output', lambda p: None, TWO, ['14'])
    yield case('empty', lambda p: {})
    yield case('no output', lambda p: p.pop('3') and None)
    yield case('unknown class', lambda p: p['10'].update(class_type='NodeOfNobody'))
    yield case('unknown class with title', lambda p: p['10'].update(class_type='NodeOfNobody', _meta={'title': 'a "title"'}))
    yield case('unknown class without title', lambda p: (p['10'].pop('_meta'), p['10'].update(class_type='NodeOfNobody')) and None)
    yield case('null class', lambda p: p['10'].update(class_type=None))
    yield case('number as class', lambda p: p['10'].update(class_type=5.0, _meta={}))
    yield case('no class', lambda p: p['10'].pop('class_type') and None)
    yield case('no class, no title', lambda p: (p['10'].pop('class_type'), p['10'].pop('_meta')) and None)
    yield case('no inputs at the output', lambda p: p['3'].pop('inputs') and None)
    yield case('no inputs inside', lambda p: p['12'].pop('inputs') and None)
    for name in ('seed', 'kolors_model', 'latent', 'scheduler'):
        yield case('missing ' + name, lambda p: p[SAMPLER]['inputs'].pop(name, None) and None)
    yield case('several missing', lambda p: (p[SAMPLER].update(inputs={}), p['12'].update(inputs={})) and None)
    for given in ('7', ' 1_000 ', '-3', '+5', '٣', '7.5', 'abc', '', True, False, None, 4.0, 4.9, -0.5, 1e300, 201, 200, 0, 10 ** 30,
                  {'a': 1}, {'__value__': 12}, {'__value__': [1]}, {'__value__': 'x'}, "it's", '"both\'', '\n\t\x00\u200b\u00e9', '1' * 50):
        yield value(f'steps {given!r}', 'steps', given)
    for given in ('4.5', '1e1', '.5', '5.', '1_0.5', 'x', '', '1e', 20, 20.5, -0.01, 1e16, 1e-5, 123456789012345680.0, 1.5e-7, True, None, {}, 10 ** 400,
                  0.1 + 0.2, 1e22, 5e-324, 1.7976931348623157e308):
        yield value(f'cfg {given!r}'[:80], 'cfg', given)
    for given in (18446744073709551615, 18446744073709551616, -1, '18446744073709551615'):
        yield value(f'seed {given!r}', 'seed', given)
    for given in ('EulerDiscreteScheduler', 'Euler', 5, None, True, {'a': [1, 'two', None, 2.5]}, {'__value__': ['EulerDiscreteScheduler']}, "it's"):
        yield value(f'scheduler {given!r}', 'scheduler', given)
    for given in (5, 5.0, None, True, {'a': 1, 'b': [None, 'x']}, {'__value__': [1, 2.0]}, 'text'):
        yield value(f'prompt {given!r}', 'prompt', given, '12')
    for given in (0, 1, '', 'False', None, {}, {'a': 1}, 0.0, {'__value__': []}):
        yield value(f'flag {given!r}', 'flag', given, PROBE, TWO)
    for given in ('one', 'four', 1, {'__value__': ['a']}):
        yield value(f'choice {given!r}', 'choice', given, PROBE, TWO)
    for given in ([], ['12'], ['12', 0, 0], ['99', 0], ['12', 1], ['12', -2], ['12', '0'], ['12', 0.0], ['12', None], [12, 0], [None, 0], [True, 0],
                  [['12'], 0], [{'a': 1}, 0], [1.5, 0], ['6', 0], ['10', 0], [SAMPLER, 0], ["it's", 0]):
        yield value(f'link {given!r}', 'kolors_embeds', given)
    yield value('link into a value', 'steps', [PROBE, 0], SAMPLER, TWO)
    yield value('link of another type into a value', 'steps', [PROBE, 1], SAMPLER, TWO)
    yield value('any', 'any', ['11', 0], PROBE, TWO)
    yield value('missing node for one output', 'images', ['99', 0], '16', TWO)
    yield value('wrong type for one output', 'images', ['11', 0], '16', TWO)
    yield value('wrong value before all outputs', 'steps', 0, SAMPLER, TWO)
    yield value('wrong value before all outputs, a link to nothing behind', 'vae', ['98', 0], '10', TWO)
    yield case('circle of two', lambda p: p[SAMPLER]['inputs'].update(latent=['16', 0]) or p.update(
        {'16': {'class_type': 'LatentUpscale', 'inputs': {'samples': [SAMPLER, 0], 'upscale_method': 'bilinear', 'width': 512, 'height': 512,
                                                           'crop': 'disabled'}}}))
    yield case('link to itself', lambda p: p[SAMPLER]['inputs'].update(latent=[SAMPLER, 0]))
    yield case('circle with an error', lambda p: p[SAMPLER]['inputs'].update(latent=[SAMPLER, 0], steps=0))
    yield case('circle before two outputs', lambda p: p[SAMPLER]['inputs'].update(latent=[SAMPLER, 0]), TWO)
    yield case('a value more', lambda p: p[SAMPLER]['inputs'].update(nobody=5, other=['99', 0]))
    yield case('errors in two branches', lambda p: (p['12']['inputs'].update(num_images_per_prompt=0), p['6']['inputs'].update(precision='fp32'),
                                                    p['11']['inputs'].pop('vae_name')) and None, TWO)


def without_traces(value):
    if isinstance(value, dict):
        return {key: [] if key == 'traceback' else without_traces(each) for key, each in value.items()}
    return [without_traces(each) for each in value] if isinstance(value, (list, tuple)) else value


recorded = []
for name, prompt, targets in cases():
    given = copy.deepcopy(prompt)
    valid, error, outputs, node_errors = asyncio.run(execution.validate_prompt('id', prompt, targets))
    recorded.append({'name': name, 'prompt': given, 'targets': targets, 'valid': valid, 'error': error, 'outputs': outputs,
                     'node_errors': without_traces(node_errors), 'converted': prompt if valid else None})
lines = ',\n'.join(json.dumps(each, ensure_ascii=False) for each in recorded)
(RESOURCES / 'validation.json.gz').write_bytes(gzip.compress(f'[\n{lines}\n]\n'.encode(), mtime=0))
print(len(recorded), 'cases')
