"""Computes random_tables.json: what pandas makes of tables put together at random from the signs that matter.

    pip install "numpy<2" "pandas==2.2.3"
    python make_random_tables.py     # in this folder

Each case has a file's bytes (as text in Latin-1) and the rows with a text as JSON lines, or an error; "index" stands for a table
whose first column pandas takes for numbers of rows, since its first row has more cells than names.
"""
import io, json, random, warnings

import pandas as pd

warnings.simplefilter('ignore')
random.seed(12)
SIGNS = ['a', 'b', ',', ',', ',', '"', '"', '\n', '\n', '\r\n', ' ', '\t', '#', '1', '2.5', 'é', '\ufeff', '\\', "'", 'NA', 'True', '-']
NAMES = ['text,b\n', 'text\r\n', 'text,b,c\n', '"text",b\n', 'b,text\n', 'text,text\n', ',text\n']

cases = []
for _ in range(150):
    text = random.choice(NAMES) + ''.join(random.choice(SIGNS) for _ in range(random.randint(1, 14)))
    case = {'bytes': text.encode('utf8').decode('latin-1')}
    try:
        table = pd.read_csv(io.BytesIO(text.encode('utf8')))
        if isinstance(table.index, pd.RangeIndex):
            rows = table[table['text'].notna()].to_json(orient='records', lines=True, force_ascii=False)
            case['result'] = rows.replace('\\/', '/') if rows.strip() else ''
        else:
            case['result'] = 'index'
    except Exception as error:
        case['error'] = str(error).strip()[:100]
    cases.append(case)
with open('random_tables.json', 'w', encoding='ascii') as out:
    json.dump(cases, out, indent=0)
    out.write('\n')
