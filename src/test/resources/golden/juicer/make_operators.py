"""Computes operators.json: what data-juicer 1.0.0 makes of awkward samples, operator by operator.

    pip install "datasets==2.18.0" "dill==0.3.8" "numpy<2" emoji==2.2.0 opencc==1.1.6 ftfy==6.3.1 selectolax==0.3.27 \
        simhash-pybind scipy PyWavelets av ... && pip install --no-deps py-data-juicer==1.0.0 imagededup
    python make_operators.py     # in this folder; the pictures are those of ../../juicer/img
    python make_operators.py image_deduplicator ...     # anew for these operators alone

Each case has the operator and its parameters, the ids of the samples that stay (in order), the
statistics of all samples, and for mappers the texts.
"""
import json, os, sys, types

UNUSED = ['docx', 'pdfplumber', 'librosa.decompose', 'librosa', 'spacy', 'wordcloud']
os.environ['HF_DATASETS_OFFLINE'] = '1'
import datasets
datasets.disable_caching()


class Unused(types.ModuleType):
    """Stands for what data-juicer imports but these operators do not use (neural networks, plots)."""
    __path__ = []
    __spec__ = None

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return type(name, (), {})


for name in ['imagededup.methods.cnn', 'imagededup.utils.models'] + UNUSED:
    sys.modules[name] = Unused(name)
from data_juicer.core.data import NestedDataset
from data_juicer.ops import OPERATORS
from data_juicer.utils.constant import Fields
import selectolax.parser
# Expressions of recipes mean what Python's own re says; data-juicer 1.0.0 has the package regex do it, which differs in
# what \w, \b and \s are (combining marks, ², ①).
import re
import data_juicer.ops.mapper.replace_content_mapper
data_juicer.ops.mapper.replace_content_mapper.re = re

IMG = '../../juicer/img/'
LONG = 'a picture of a small girl in a red dress under an old apple tree'
TEXTS = [
    '', ' ', '\n', 'a', 'hello world', LONG, LONG + ' today', LONG.upper(), LONG.replace('red', 'blue'),
    '二次元，一个紫色短发小女孩，在家中沙发上坐着，双手托着腮，很无聊，全身，粉色连衣裙',
    '二次元，一个紫色短发小女孩，在家中沙发上坐着，双手托着腮，很无聊，全身，粉色连衣裙。',
    '二次元,一个紫色短发小女孩,在家中沙发上坐着', '繁體中文字：頭髮、乾燥、皇后在後面，軟體與滑鼠，裏面',
    '简体中文字：头发、干燥、皇后在后面，软件与鼠标，里面，一只猴子，干净的面条，台湾的计算机网络程序员',
    '日本語の漢字：図書館、学校、沢、辺、黒', '国語の漢字 龍 竜 恋 戀',
    'emoji 😀😀 👩‍👩‍👧 🇨🇳 ❤️ 1️⃣', '😀', '👍🏽 ok', 'e\u0301te\u0301 cafe\u0301 한글 \u1112\u1161\u11ab',
    'Windows\r\nline\r\nends\r\n', 'line one\nline two is longer\n\nlast', 'tab\tand\x0bvt\x0cff\x1cfs\x85nel\u2028ls\u2029ps',
    '  \u3000leading and trailing\u00a0\u200b ', 'zero\u200bwidth\u200d\u2060 \u2003em\ufeffbom',
    'wow wow wow wow wow wow wow wow wow wow wow wow wow wow', 'abcabcabcabcabcabcabcabcabcabc', '哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈',
    'one two three four five six seven eight nine ten eleven one two three four five six seven eight nine ten eleven',
    '½ ② Ⅷ 三 ٣ x² İstanbul ΣΑΣ ẞ ǅ', '!!! *** ??? ...', '１２３４，。！？（）「」《》【】—…–“”‘’',
    'mail me: John.Doe+x@Example.com or a.b@c-d.co.uk, 中文abc@mail.cn。',
    'see https://www.example.com/a(b)c?d=e#f, ftp://x.y/z. or www.test.org/path, http://中文.com/图 end',
    'ip 192.168.0.1 and 256.300.1.1, 2001:0db8:85a3:0000:0000:8a2e:0370:7334 end 1.2.3.4.5',
    '<p>Hello <b>bold</b> &amp; &lt;tag&gt;<br>new<li>one</li><ol>two</ol></p><script>var x=1;</script><!-- c --> tail',
    'a < b and c > d & e', '<html><head><title>T</title></head><body>\n <div>x</div>\n</body></html>', 'plain &nbsp; &copy; &#8364; &hearts;',
    '今天天气真好。我们去公园吧！今天天气真好。“今天天气真好。”他说。……去吧……去吧。', 'Hello there. Hello there. How? How? A.\nHello there.\n',
    '◆●■►▼▲▴∆▻▷❖♡□ mixed ◆ text | pipe', 'The Mona Lisa doesn\u00c3\u0192\u00c2\u00a2\u00c3\u00a2\u00e2\u20ac\u0161\u00c2\u00ac\u00c3\u00a2\u00e2\u20ac\u017e\u00c2\u00a2t have eyebrows.',
    '\u00e2\u0153\u201d No problems', 'L\u2019\u00e9cole &lt;3 &eacute;', 'sch\u00c3\u00b6n \ufb01ne ｆｕｌｌ ｗｉｄｔｈ \u201cquotes\u201d\x1b[31mred\x1b[0m',
    '\u00c3\u00a0 perturber la r\u00c3\u00a9flexion', 'ÃÃÃ normal ÉTÉ', 'Ä€ broken “â€œdoubleâ€\x9d”', 'æ–‡å\xad—åŒ–ã\x81‘', '12345', '$$$ 100% #tag @you', 'a' * 60, 'aaaaaaaaaabaaaaaaaaaa',
    LONG, 'a, b; c: d!', '“引号”里的话。”还有', 'x' * 5 + ' ' + 'y' * 5,
]
PICTURES = ['a.jpg', 'a2.png', 'b.jpg', 'd.png', 'e.webp', 'g.png', 'h.png', 'j.gif', 'k.bmp', 's.png', 't.png', 'o.jpg']
SCORES = [3, 1, None, 2.5, 7, 7, 0, -1]
STRINGS = ['0', '12', ' 3.5 ', 'x', '', '1e3', '1_000', '-inf', '４２']

def samples():
    rows = []
    for i, text in enumerate(TEXTS):
        pictures = [] if i % 5 == 4 else [IMG + PICTURES[i % len(PICTURES)]]
        if i % 7 == 3:
            pictures.append(IMG + PICTURES[(i * 5 + 1) % len(PICTURES)])
        rows.append({'id': i, 'text': text, 'images': pictures, 'number': float(i * 37 % 11), 'group': 'abcab'[i % 5] if i % 9 else None,
                     'meta': {'score': SCORES[i % len(SCORES)], 'string': STRINGS[i % len(STRINGS)], 'odd': (STRINGS + ['nan'])[i % 10], 'tags': [['x'], ['x', 'y'], [], ['z']][i % 4],
                              'numbers': [[1.5, 2], [], [9], None][i % 4]}})
    return rows

CASES = [
    ('image_shape_filter', {'min_width': 300, 'max_height': 1040}), ('image_aspect_ratio_filter', {'min_ratio': 0.6, 'max_ratio': 1.2, 'any_or_all': 'all'}),
    ('image_size_filter', {'min_size': '3kb', 'max_size': '40 KiB'}), ('image_size_filter', {'any_or_all': 'all', 'max_size': '9000'}),
    ('text_length_filter', {}), ('text_length_filter', {'min_len': 1, 'max_len': 30}),
    ('words_num_filter', {}), ('words_num_filter', {'lang': 'zh', 'min_num': 1, 'max_num': 3}),
    ('alphanumeric_filter', {}), ('alphanumeric_filter', {'min_ratio': 0.5, 'max_ratio': 0.9}),
    ('special_characters_filter', {}), ('special_characters_filter', {'min_ratio': 0.1, 'max_ratio': 0.5}),
    ('character_repetition_filter', {}), ('character_repetition_filter', {'rep_len': 3, 'max_ratio': 0.2}), ('character_repetition_filter', {'rep_len': 1, 'min_ratio': 0.1}),
    ('word_repetition_filter', {}), ('word_repetition_filter', {'rep_len': 2, 'max_ratio': 0.1}),
    ('average_line_length_filter', {}), ('average_line_length_filter', {'min_len': 1, 'max_len': 20}),
    ('maximum_line_length_filter', {}), ('maximum_line_length_filter', {'min_len': 1, 'max_len': 20}),
    ('specified_field_filter', {}), ('specified_field_filter', {'field_key': 'group', 'target_value': ['a', None]}), ('specified_field_filter', {'field_key': 'meta.score', 'target_value': [1, 7, '3']}),
    ('specified_field_filter', {'field_key': 'meta.tags', 'target_value': ['x', 'y']}),
    ('specified_numeric_field_filter', {}), ('specified_numeric_field_filter', {'field_key': 'meta.score', 'min_value': 0}), ('specified_numeric_field_filter', {'field_key': 'meta.odd', 'max_value': 50.5}),
    ('specified_numeric_field_filter', {'field_key': 'number', 'min_value': 2, 'max_value': 8}),
    ('suffix_filter', {}), ('suffix_filter', {'suffixes': '.jsonl'}), ('suffix_filter', {'suffixes': ['.csv', 'jsonl']}),
    ('whitespace_normalization_mapper', {}), ('punctuation_normalization_mapper', {}), ('clean_html_mapper', {}),
    ('clean_links_mapper', {}), ('clean_links_mapper', {'repl': '<LINK $1>'}), ('clean_links_mapper', {'pattern': "r'www\\.(?P<name>\\w+)'", 'repl': '[\\g<name>|\\1]'}),
    ('clean_email_mapper', {}), ('clean_email_mapper', {'repl': '<EMAIL>'}), ('clean_ip_mapper', {}), ('clean_ip_mapper', {'repl': '<IP>'}),
    ('remove_repeat_sentences_mapper', {}), ('remove_repeat_sentences_mapper', {'lowercase': True, 'ignore_special_character': False, 'min_repeat_sentence_length': 4}),
    ('remove_specific_chars_mapper', {}), ('remove_specific_chars_mapper', {'chars_to_remove': 'a-z[]'}), ('remove_specific_chars_mapper', {'chars_to_remove': ['◆', '二次', '\\d']}), ('remove_specific_chars_mapper', {'chars_to_remove': ''}),
    ('replace_content_mapper', {}), ('replace_content_mapper', {'pattern': '[aeiou[]', 'repl': '<\\0>'.replace('\\0', '\\g<0>')}), ('replace_content_mapper', {'pattern': ['\\d+', '(\\w)\\1'], 'repl': ['#', '\\1']}),
    ('replace_content_mapper', {'pattern': ['^\\w+', '\\s+\\Z'], 'repl': '$'}),
    ('fix_unicode_mapper', {}), ('fix_unicode_mapper', {'normalization': 'nfkc'}), ('fix_unicode_mapper', {'normalization': 'NFD'}),
] + [('chinese_convert_mapper', {'mode': mode}) for mode in ['s2t', 't2s', 's2tw', 'tw2s', 's2hk', 'hk2s', 's2twp', 'tw2sp', 't2tw', 'tw2t', 'hk2t', 't2hk', 't2jp', 'jp2t']] + [
    ('document_deduplicator', {}), ('document_deduplicator', {'lowercase': True, 'ignore_non_character': True}),
    ('document_minhash_deduplicator', {}), ('document_minhash_deduplicator', {'tokenization': 'character', 'jaccard_threshold': 0.6, 'window_size': 3, 'num_permutations': 64}),
    ('document_minhash_deduplicator', {'tokenization': 'punctuation', 'window_size': 1, 'ignore_pattern': '\\d', 'lowercase': False, 'num_bands': 8, 'num_rows_per_band': 4, 'num_permutations': 32}),
    ('document_simhash_deduplicator', {}), ('document_simhash_deduplicator', {'tokenization': 'character', 'window_size': 2, 'num_blocks': 8, 'hamming_distance': 6}),
    ('document_simhash_deduplicator', {'tokenization': 'punctuation', 'window_size': 1, 'ignore_pattern': 'a'}),
    ('image_deduplicator', {}), ('image_deduplicator', {'method': 'dhash'}), ('image_deduplicator', {'method': 'ahash'}), ('image_deduplicator', {'method': 'whash'}), ('image_deduplicator', {'consider_text': True}),
    ('random_selector', {}), ('random_selector', {'select_ratio': 0.3}), ('random_selector', {'select_num': 7}), ('random_selector', {'select_ratio': 0.5, 'select_num': 200}), ('random_selector', {'select_num': 130}), ('random_selector', {'select_ratio': 0.001}),
    ('topk_specified_field_selector', {'field_key': 'number', 'topk': 9}), ('topk_specified_field_selector', {'field_key': 'number', 'topk': 9, 'reverse': False}), ('topk_specified_field_selector', {'field_key': 'meta.score', 'top_ratio': 0.3}),
    ('topk_specified_field_selector', {'field_key': 'meta.string', 'topk': 20, 'top_ratio': 0.9, 'reverse': False}), ('topk_specified_field_selector', {'field_key': 'meta.numbers', 'topk': 30}), ('topk_specified_field_selector', {'field_key': 'text', 'topk': 5}),
    ('range_specified_field_selector', {'field_key': 'number', 'lower_percentile': 0.2, 'upper_percentile': 0.5}), ('range_specified_field_selector', {'field_key': 'meta.score', 'lower_rank': 3, 'upper_percentile': 0.9}), ('range_specified_field_selector', {'field_key': 'number', 'lower_rank': 3}),
    ('range_specified_field_selector', {'field_key': 'meta.string', 'lower_percentile': 0.1, 'lower_rank': 10, 'upper_rank': 40, 'upper_percentile': 0.5}),
    ('frequency_specified_field_selector', {'field_key': 'group', 'topk': 2}), ('frequency_specified_field_selector', {'field_key': 'meta.score', 'top_ratio': 0.5, 'reverse': False}), ('frequency_specified_field_selector', {'field_key': 'number', 'topk': 3, 'top_ratio': 0.9}),
]

def run(name, parameters):
    rows = samples()
    op = OPERATORS.modules[name](**parameters, num_proc=1)
    op.num_proc = 1
    case = {'operator': name, 'parameters': parameters}
    if name.endswith('filter'):
        for row in rows:
            row[Fields.suffix] = '.jsonl'
            row[Fields.stats] = {}
        dataset = NestedDataset(datasets.Dataset.from_list(rows).remove_columns([Fields.stats]))
        measured = op.run(dataset, reduce=False)
        stats = measured[Fields.stats] if Fields.stats in measured.features else []
        case['statistics'] = [dict(s) for s in stats] if stats and stats[0] else []
        case['kept'] = op.run(dataset)['id']
        return case
    dataset = NestedDataset(datasets.Dataset.from_list(rows))
    if name.startswith('chinese_convert'):
        import data_juicer.ops.mapper.chinese_convert_mapper as m
        m.OPENCC_CONVERTER = None
        op = OPERATORS.modules[name](**parameters, num_proc=1)
    result = op.run(dataset)
    case['kept'] = result['id']
    if name.endswith('mapper'):
        case['texts'] = {str(r['id']): r['text'] for r, before in zip(result, rows) if r['text'] != before['text']}
    elif name.endswith('deduplicator'):
        hashed = dataset.map(op.compute_hash)
        for key in ['__dj__hash', '__dj__simhash', '__dj__imagehash']:
            if key in hashed.features:
                case[key] = hashed[key]
    return case

only = set(sys.argv[1:])
earlier = {}
if only:
    with open('operators.json') as file:
        for case in json.load(file)['cases']:
            earlier[case['operator'], json.dumps(case['parameters'])] = case

done = []
for name, parameters in CASES:
    if only and name not in only:
        done.append(earlier[name, json.dumps(parameters)])
        continue
    try:
        done.append(run(name, parameters))
    except BaseException as e:
        import traceback; traceback.print_exc()
        print('FAILED', name, parameters, repr(e)[:300], file=sys.stderr)
with open('operators.json', 'w') as out:
    out.write('{"samples":[\n' + ',\n'.join(json.dumps(s, ensure_ascii=False) for s in samples()))
    out.write('\n],"cases":[\n' + ',\n'.join(json.dumps(c, ensure_ascii=False) for c in done) + '\n]}\n')

if only:
    sys.exit()

# Blurred pictures: blur_in.png, and what image_blur_mapper makes of it.
import random, shutil
from PIL import Image
random.seed(1)
picture = Image.new('RGB', (37, 29))
picture.putdata([(x * 6 + random.randrange(40), random.randrange(256), (x * y) % 256) for y in range(29) for x in range(37)])
picture.save('blur_in.png')
for name, parameters in [('mean', {'blur_type': 'mean'}), ('box', {'blur_type': 'box', 'radius': 1.7}), ('box_wide', {'blur_type': 'box', 'radius': 40}),
                         ('gaussian', {}), ('gaussian_wide', {'radius': 5.5})]:
    op = OPERATORS.modules['image_blur_mapper'](p=1, num_proc=1, **parameters)
    blurred = op.process_single({'text': '', 'images': ['blur_in.png']})['images'][0]
    shutil.move(blurred, f'blur_{name}.png')
shutil.rmtree('__dj__produced_data__')
