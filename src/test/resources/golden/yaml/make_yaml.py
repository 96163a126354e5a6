"""Computes values.json: what PyYAML's safe_load makes of scalars and documents.

    pip install pyyaml && python make_yaml.py      # in this folder
"""
import datetime, json, math, yaml

SCALARS = ['1e3', '1.5e3', '1.5e+3', '1_000', '010', '0o10', '0x1F', '0b11', '1:30', '1:30.5', '190:20:30', '.inf', '-.inf', '.nan', '1.', '.5',
           '+1', '-1', '1_0.5', 'yes', 'No', 'ON', 'off', 'y', 'n', 'true', 'TRUE', 'tRue', '~', 'null', 'Null', 'NULL', 'nULL', '2024-01-01',
           '2024-01-01 10:00:00', '2024-1-1', '=', '<<', '0', '00', '08', '0_7', '-010', '+0x1f', '1e-3', '1.e+3', '.5e-3', '1:60', '0:0', '-1:30', '_1',
           '1__0', '1_', '0b', '0x', '0x_', '.', '+.inf', '.Inf', '.INF', '.iNf', '6.8523015e+5', '685_230.15', '0.', '1:2:3.4', '-0', '0b1_0', '0x_1f', '12e03',
           '1E+3', '1.0E+3', '1.0E3', '-.5', '+.5', '- 1', "'1'", '"yes"', "''", '!!str 1', '!!int "3"', '!!float 1', '!!bool yes', '!!null ~', '!!str', '!!int abc',
           '!foo x', '!!python/object:os.system x', '!!python/name:os.system', '!!binary aGk=', '!!set {a}', '!!timestamp 2024-01-01', '"\\u4e2d\\x41"', "'it''s'",
           '|\n  a\n  b', '>\n  a\n  b', 'a: b', 'a #b', 'a#b', '@x', '%x', '`x`', '*x', '&x', '[1, two', '{a: 1}', '[yes, 010, 1e3]', '1,000', '12:30:45', '1.2.3', '0.1.0']

DOCUMENTS = [
    'process: &p\n  - f: &q\n      a: 1\n  - f:\n      <<: *q\n      b: 100\n',
    'x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  c: 5\n',
    'x: &x {a: 1}\nz:\n  a: 2\n  <<: *x\n',
    'x: &x {a: 1}\ny: &y\n  <<: *x\n  b: 2\nz:\n  <<: *y\n',
    'x: &x {a: 1}\ny: &y {a: 2}\nz:\n  <<: *x\n  <<: *y\n',
    'x: &x [1, 2]\nz:\n  <<: *x\n',
    'z:\n  <<: 3\n',
    'z:\n  <<: ~\n',
    'z:\n  <<: {a: 1}\n  "<<": 2\n',
    'z:\n  =: 1\n',
    'a: &a 1\nb: *a\n',
    'a: *b\n',
    'a:\n\t- 1\n',
    'a:\n  - b\n  -\tc\n',
    '\ufeffa: 1\n',
    '---\na: 1\n...\n',
    'a: 1\n---\nb: 2\n',
    '%YAML 1.1\n---\na: yes\n',
    'a: [1,\n  2]\nb: {c: d,\n e: f}\n',
    'a:\n- 1\n- 2\n',
    'a: "x\n  y"\nb: x\n  y\n',
    'yes: 1\n2: 2\n',
    '? a\n: b\n',
    '? [a]\n: b\n',
    'a: 1 # comment\n#b: 2\n',
    'a: b: c\n',
    'a: "unclosed\n',
    'a: 1\n b: 2\n',
]


def plain(value):
    """As JSON has it; whole numbers and decimals told apart, dates as they were written."""
    if isinstance(value, dict):
        return {k if isinstance(k, str) else {True: 'yes'}.get(k, str(k)) if isinstance(k, bool) else str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return {'int': value}
    if isinstance(value, float):
        return {'float': repr(value)}
    raise TypeError(type(value))


def loaded(text):
    try:
        return {'yaml': text, 'value': plain(yaml.safe_load(text))}
    except (yaml.YAMLError, ValueError, TypeError) as e:
        return {'yaml': text, 'error': type(e).__name__}


cases = [loaded('a: ' + s + '\n') for s in SCALARS if not s.startswith(('2024', '!!timestamp', '!!binary', '!!set'))] + [loaded(d) for d in DOCUMENTS]
json.dump(cases, open('values.json', 'w'), indent=0)
