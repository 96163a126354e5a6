"""Computes expected.json: what data-juicer 1.0.0 reads from awkward CSV and JSON files, and writes again.

    pip install "datasets==2.18.0" "dill==0.3.8" "numpy<2" "pandas==2.2.3" "pyarrow==17.0.0" zstandard av loguru tqdm && pip install --no-deps py-data-juicer==1.0.0
    python make_formats.py     # in this folder

Each case has a file's name, its bytes (as text in Latin-1, where each character is a byte) and either the lines of
result.jsonl, without escaped slashes, or the error.
"""
import json, importlib.abc, importlib.machinery, os, shutil, sys, tempfile, types

os.environ['HF_DATASETS_OFFLINE'] = '1'


class Unused(types.ModuleType):
    """Stands for what data-juicer imports but its formatters do not use."""
    __path__ = []

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return type(name, (), {'__init__': lambda self, *a, **k: None})


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

import datasets
datasets.disable_caching()
datasets.disable_progress_bars()
import logging
datasets.utils.logging.set_verbosity(logging.CRITICAL)
from loguru import logger
logger.remove()
from data_juicer.core.data import NestedDataset
from data_juicer.core.exporter import Exporter
from data_juicer.format.formatter import unify_format

HEAD = 'file_name,text\n'
CSV = {
    # The sign of comments in other parsers.
    'hash': HEAD + '#3.png,#anime girl\n1.png,plain boy\n#,#\n',
    'hash_header': '#,text\n1,first\n2,second\n',
    # Commas and missing cells.
    'unquoted_comma': HEAD + '0.png,a boy\n1.png,a girl, blue hair, smile\n',
    'unquoted_comma_in_the_first_row': HEAD + '1.png,a girl, blue hair\n0.png,a boy\n',
    'short_row': HEAD + '0.png,a boy\n1.png\n2.png,a cat\n',
    'trailing_commas': HEAD + '0.png,a,\n1.png,b,\n',
    'trailing_commas_everywhere': 'file_name,text,\n0.png,a,\n1.png,b,\n',
    # Names of columns.
    'one_name_twice': 'file_name,text,text\n0.png,a,b\n1.png,c,d\n',
    'one_name_thrice_and_taken': 'text,text,text.1,text\na,b,c,d\n',
    'no_name': ',file_name,text\n0,0.png,a\n1,1.png,b\n',
    'two_without_names': 'text,,\na,1,2\n',
    'names_with_blanks': ' file_name , text,text\n0.png,a,b\n',
    'quoted_names': '"file_name","te,xt","text"\n0.png,a,b\n',
    # Whole numbers.
    'int64': 'id,text\n1234567890123456789,a boy\n-9223372036854775808,a girl\n9223372036854775807,c\n',
    'uint64': 'id,text\n12345678901234567890,a boy\n1799999999999999999,a girl\n',
    'uint64_and_negative': 'id,text\n12345678901234567890,a boy\n-1,a girl\n',
    'beyond_uint64': 'id,text\n123456789012345678901,a boy\n1,a girl\n',
    'long_with_missing': 'id,text\n1234567890123456789,a boy\n,a girl\n',
    'uint64_with_missing': 'id,text\n12345678901234567890,a boy\n,a girl\n',
    'int_with_missing': 'n,text\n1,a\n,b\n3,c\n',
    'long_and_decimal': 'id,text\n1234567890123456789,a boy\n0.5,a girl\n',
    'leading_zeros': 'id,text\n00012,a boy\n00013,a girl\n',
    'plus': 'n,text\n+5,a\n5,b\n',
    'minus_zero': 'n,text\n-0,a\n5,b\n',
    'blanks_around_numbers': 'n,text\n 5 ,a\n6,b\n',
    'tab_around_numbers': 'n,text\n\t5,a\n6\t,b\n',
    'quoted_numbers': 'n,text\n"5",a\n"6",b\n',
    'thousands': 'n,text\n"1,000",a\n2,b\n',
    'hexadecimal': 'n,text\n0x10,a\n2,b\n',
    'underscores': 'n,text\n1_000,a\n2,b\n',
    'full_width_digits': 'n,text\n\uff11,a\n2,b\n',
    # Decimals.
    'decimals': 'n,text\n0.1,a\n123456789.123456789,b\n1e-12,c\n1e17,d\n.5,e\n5.,f\n-.5,g\n',
    'exponents': 'n,text\n1e3,a\n1E-2,b\n5,c\n1e+2,d\n',
    'half_exponents': 'n,text\n1e,a\n5,b\n',
    'too_large': 'n,text\n1e400,a\n5,b\n',
    'too_small': 'n,text\n1e-400,a\n5,b\n',
    'infinite': 'n,text\ninf,a\n-inf,b\n1,c\nInfinity,d\n+inf,e\nINF,f\n',
    'only_infinite': 'n,text\ninf,a\n-Infinity,b\n',
    'words_of_infinity': 'n,text\ninfinite,a\n1,b\n',
    'blanks_around_decimals': 'n,text\n 5.5 ,a\n6,b\n',
    'decimal_of_two_points': 'n,text\n1.2.3,a\n1,b\n',
    'plus_decimal': 'n,text\n+1.5,a\n++1,b\n',
    'many_digits': 'n,text\n0.12345678901234567890123,a\n123456789012345678901234567890,b\n',
    # Other kinds.
    'truths': 'b,text\nTrue,a\nFALSE,b\ntrue,c\n',
    'odd_truths': 'b,text\ntRuE,a\nfalse,b\n',
    'truths_and_missing': 'b,text\nTrue,a\n,b\n',
    'truths_and_numbers': 'b,text\nTrue,a\n1,b\n',
    'blank_truths': 'b,text\n True,a\nFalse,b\n',
    'mixed': 'n,text\n1,a\nx,b\n2.50,c\n007,d\n',
    'dates': 'd,text\n2020-01-01,a\n2020-01-02,b\n',
    'numbers_as_captions': 'text,n\n12,1\n13,2\n',
    'all_missing': 'n,text\n,a\n,b\n',
    'missing': HEAD + '0.png,None\n1.png,nan\n2.png,NA\n3.png,a\n4.png,""\n5.png,null\n6.png,N/A\n7.png,<NA>\n8.png,NULL\n'
               '9.png,#N/A\n10.png,n/a\n11.png,none\n12.png,Null\n13.png,-\n14.png,Nan\n15.png,NAN\n16.png, NA\n17.png,#NA\n18.png,1.#IND\n',
    'quoted_missing': HEAD + '0.png,"NA"\n1.png,"a"\n',
    'missing_among_numbers': 'n,text\nNA,a\n1,b\nNone,c\n',
    'blank_cell_among_numbers': 'n,text\n ,a\n1,b\n',
    # Lines.
    'blank_lines': HEAD + '0.png,a\n\n1.png,b\n   \n2.png,c\n\t\n\n',
    'blank_lines_first': '\n  \n' + HEAD + '0.png,a\n',
    'blank_line_of_one_column': 'text\na\n\nb\n""\n',
    'mixed_ends': HEAD + '0.png,a\r\n1.png,b\n2.png,c\r\n',
    'carriage_returns': 'file_name,text\r0.png,a\r1.png,b\r',
    'carriage_return_in_a_cell': HEAD + '0.png,a\rb\n1.png,c\n',
    'two_carriage_returns': 'file_name,text\r\r\n0.png,a\r\r\n1.png,b\r\r\n',
    'quoted_windows_ends': 'file_name,text\r\n0.png,"two\r\nlines"\r\n1.png,"one\rmore"\r\n',
    'no_last_end': HEAD + '0.png,a\n1.png,b',
    'leading_blanks': HEAD + '0.png, a \n 1.png,b\n',
    'other_line_ends': HEAD + '0.png,a\u2028b\n1.png,c\x0bd\n2.png,e\u0085f\n3.png,g\x0ch\n4.png,i\x1cj\n',
    'only_names': HEAD,
    'empty': '',
    'only_blank_lines': '\n\n',
    'no_names': '0.png,a boy\n1.png,a girl\n',
    # Quotes.
    'quotes': HEAD + '0.png,"a ""blue"" boy"\n1.png,"two\nlines"\n2.png,"comma, in"\n3.png,""""\n',
    'bare_quotes': HEAD + '0.png,a "blue" boy\n1.png,5" tall\n2.png,"abc"def\n3.png,"abc"d"e,f"\n',
    'text_after_a_quote': HEAD + '0.png,"a" \n1.png,"b"c""d\n',
    'blank_before_a_quote': HEAD + '0.png, "a, b"\n',
    'blank_before_a_simple_quote': HEAD + '0.png, "a"\n',
    'backslashes': HEAD + '0.png,"a \\"blue\\" boy"\n1.png,a\\,b\n',
    'single_quotes': HEAD + "0.png,'a'\n1.png,it's\n",
    'unclosed': HEAD + '0.png,"a boy\n1.png,b\n2.png,c\n',
    'unclosed_last': HEAD + '0.png,a\n1.png,"b',
    'unclosed_that_closes_later': HEAD + '0.png,"a boy\n1.png,b\n2.png,"c"\n',
    'curly_quotes': HEAD + '0.png,\u201ca, b\u201d\n',
    # Bytes.
    'byte_order_mark': '\ufeff' + HEAD + '0.png,a boy\n',
    'byte_order_mark_and_quote': '\ufeff"file_name","text"\n0.png,a boy\n',
    'zero_byte': HEAD + '0.png,a\x00b\n1.png,c\n',
    'emoji': HEAD + '0.png,\U0001F469\u200d\U0001F469\u200d\U0001F466 family\n1.png,\U00020BB7\u91ce\u5bb6\n',
    # Signs between cells.
    'semicolons': 'file_name;text\n0.png;a boy\n1.png;a girl\n',
    'excels_sep': 'sep=;\nfile_name;text\n0.png;a boy\n',
    'excels_sep_comma': 'sep=,\nfile_name,text\n0.png,a boy\n',
    'tabs_in_csv': 'file_name\ttext\n0.png\ta boy\n',
}
TSV = {
    'tabs': 'file_name\ttext\n0.png\ta boy, and "more"\n1.png\t"a\ttab"\n',
    'empty_cells': 'file_name\ttext\tn\n0.png\t\t1\n1.png\tb\t\n',
    'blank_lines': 'file_name\ttext\n0.png\ta\n\t\n  \n\n1.png\tb\n',
}
JSONL = {
    'nan': '{"text":"a","n":NaN}\n{"text":"b","n":1}\n',
    'only_nan': '{"text":"a","n":NaN}\n{"text":"b","n":NaN}\n',
    'infinity': '{"text":"a","n":Infinity}\n{"text":"b","n":-Infinity}\n{"text":"c","n":2}\n',
    'nan_and_null': '{"text":"a","n":NaN}\n{"text":"b","n":null}\n{"text":"c","n":2}\n',
    'nan_and_text': '{"text":"a","n":NaN}\n{"text":"b","n":"x"}\n',
    'nan_within': '{"text":"a","m":{"n":NaN}}\n{"text":"b","m":{"n":1}}\n{"text":"b","m":{"n":null}}\n',
    'nan_in_a_list': '{"text":"a","l":[NaN,1,null]}\n',
    'nested_int': '{"text":"a","m":{"x":1}}\n{"text":"b","m":{"y":"z"}}\n',
    'nested_int_null': '{"text":"a","m":{"x":1}}\n{"text":"b","m":{"x":null}}\n{"text":"c","m":null}\n',
    'deeply_nested_int': '{"text":"a","m":{"k":{"x":1}}}\n{"text":"b","m":{"k":{"y":true}}}\n{"text":"c","m":{"k":null}}\n',
    'ints_in_a_list': '{"text":"a","l":[1,null,3]}\n{"text":"b","l":[4,5]}\n{"text":"c","l":null}\n',
    'objects_in_a_list': '{"text":"a","l":[{"x":1},{"y":2}]}\n{"text":"b","l":[{"x":null,"y":3}]}\n',
    'lists_in_a_list': '{"text":"a","l":[[1,null],[2]]}\n{"text":"b","l":[[]]}\n',
    'list_in_an_object': '{"text":"a","m":{"l":[1,2]}}\n{"text":"b","m":{"l":[1,null]}}\n{"text":"c","m":{"l":null}}\n',
    'nested_truth': '{"text":"a","m":{"t":true}}\n{"text":"b","m":{"t":null}}\n',
    'truth_and_null': '{"text":"a","t":true}\n{"text":"b","t":null}\n{"text":"c"}\n',
    'nested_decimal_and_int': '{"text":"a","m":{"x":1}}\n{"text":"b","m":{"x":1.5}}\n',
    'decimal_and_int': '{"text":"a","n":1}\n{"text":"b","n":1.5}\n',
    'int64': '{"text":"a","n":1234567890123456789}\n{"text":"b","n":-9223372036854775808}\n',
    'int64_and_null': '{"text":"a","n":1234567890123456789}\n{"text":"b","n":null}\n',
    'nested_int64_and_null': '{"text":"a","m":{"n":1234567890123456789}}\n{"text":"b","m":{"n":null}}\n',
    'uint64': '{"text":"a","n":12345678901234567890}\n{"text":"b","n":1}\n',
    'beyond_uint64': '{"text":"a","n":123456789012345678901}\n{"text":"b","n":1}\n',
    'too_large': '{"text":"a","n":1e400}\n',
    'minus_zero': '{"text":"a","n":-0}\n{"text":"b","n":-0.0}\n',
    'leading_zeros': '{"text":"a","n":007}\n',
    'plus': '{"text":"a","n":+7}\n',
    'bare_words': '{"text":hello}\n',
    'bare_keys': '{text:"a"}\n',
    'single_quotes': "{'text':'a'}\n",
    'python_words': '{"text":"a","t":True,"n":None}\n',
    'comment': '{"text":"a"} // comment\n',
    'trailing_comma': '{"text":"a",}\n',
    'trailing_text': '{"text":"a"} x\n',
    'two_on_a_line': '{"text":"a"}{"text":"b"}\n{"text":"c"}\n',
    'over_lines': '{"text":\n"a"}\n{"text":"b"}\n',
    'one_name_twice': '{"text":"a","text":"b"}\n',
    'cut_off': '{"text":"a"}\n{"text":"b\n',
    'list_line': '{"text":"a"}\n[1]\n',
    'number_line': '{"text":"a"}\n1\n',
    'blank_lines': '{"text":"a"}\n\n  \n{"text":"b"}\n',
    'windows_ends': '{"text":"a"}\r\n{"text":"b"}\r\n',
    'byte_order_mark': '\ufeff{"text":"a"}\n',
    'tab_in_a_text': '{"text":"a\tb"}\n',
    'zero_in_a_text': '{"text":"a\\u0000b"}\n',
    'lone_surrogate': '{"text":"a\\ud83d"}\n',
    'pair_of_surrogates': '{"text":"\\ud83d\\ude00"}\n',
    'bad_escape': '{"text":"a\\x"}\n',
    'dates': '{"text":"a","d":"2020-01-01"}\n{"text":"b","d":"2020-01-02"}\n',
    'times': '{"text":"a","d":"2020-01-01 10:00:00"}\n{"text":"b","d":"2020-01-02T00:00:00Z"}\n',
    'date_captions': '{"text":"2020-01-01"}\n{"text":"a boy"}\n',
    'only_date_captions': '{"text":"2020-01-01"}\n{"text":"2021-05-05"}\n',
    'empty_object': '{"text":"a","m":{}}\n',
    'empty_list': '{"text":"a","l":[]}\n{"text":"b","l":[]}\n',
    'null_everywhere': '{"text":"a","n":null}\n',
    'number_captions': '{"text":12}\n{"text":13}\n',
    'number_and_text_captions': '{"text":12}\n{"text":"a"}\n',
    'fields_come_late': '{"text":"a"}\n{"text":"b","n":1}\n',
    'empty_names': '{"text":"a","":1}\n',
    'empty': '',
    'whole_list': '[{"text":"a","n":1},{"text":"b","n":2}]\n',
    'list_of_texts': '["a","b"]\n',
    'slashes': '{"text":"a/b\\/c"}\n',
}
JSON = {
    'list': '[{"text":"a","n":1},{"text":"b","n":2}]',
    'list_over_lines': '[\n {"text": "a"},\n {"text": "b"}\n]\n',
    'list_of_texts': '["a","b"]',
    'nan': '[{"text":"a","n":NaN},{"text":"b","n":1}]',
    'one_object': '{"text":"a"}',
    'one_object_over_lines': '{\n "text": "a"\n}\n',
    'columns': '{"text":["a","b"]}',
    'within_an_object': '{"data":[{"text":"a"}]}',
    'trailing_comma': '[{"text":"a"},]',
    'cut_off': '[{"text":"a"},{"text":"b"}',
    'python_words': '[{"text":"a","t":True}]',
}


def read_and_written(name, content):
    """What data-juicer's LocalFormatter and Exporter do."""
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, name)
    with open(path, 'wb') as out:
        out.write(content)
    ending = name.rsplit('.')[-1]
    options = {'delimiter': '\t'} if ending == 'tsv' else {}
    kind = {'tsv': 'csv', 'jsonl': 'json'}.get(ending, ending)
    try:
        loaded = datasets.load_dataset(kind, data_files={ending: path}, cache_dir=folder + '/cache', **options)
        dataset = NestedDataset(datasets.concatenate_datasets([d for _, d in loaded.items()]))
        keys = types.SimpleNamespace(dataset_dir=folder, image_key='images', audio_key='audios', video_key='videos')
        dataset = unify_format(dataset, 'text' if 'text' in dataset.features else [], 1, keys)
        result = os.path.join(folder, 'out', 'result.jsonl')
        os.makedirs(os.path.dirname(result))
        Exporter(result).export(dataset)
        return {'result': open(result, encoding='utf8', errors='surrogatepass', newline='').read().replace('\\/', '/')}
    except Exception as error:
        while error.__cause__ or error.__context__:
            error = error.__cause__ or error.__context__
        return {'error': type(error).__name__ + ': ' + str(error).splitlines()[0].replace(folder, '')[:200]}
    finally:
        shutil.rmtree(folder)


cases = []
for kind, texts in {'csv': CSV, 'tsv': TSV, 'jsonl': JSONL, 'json': JSON}.items():
    for name, text in texts.items():
        content = text.encode('utf8')
        case = {'name': kind + ' ' + name, 'file': name + '.' + kind, 'bytes': content.decode('latin-1')}
        case.update(read_and_written(case['file'], content))
        cases.append(case)
with open('expected.json', 'w', encoding='ascii') as out:
    json.dump(cases, out, indent=1)
    out.write('\n')
