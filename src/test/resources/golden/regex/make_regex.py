"""Computes cases.jsonl.gz and characters.json: what re.sub of Python 3.11 makes of patterns and texts.

    python3.11 make_regex.py            # in this folder
    python3.11 make_regex.py 200000 7   # as many random patterns with this seed, to standard output, to look further

A line of cases.jsonl.gz has a pattern, whether it is compiled with re.DOTALL, a replacement, and either Python's error
or, by the number of the text, every result that is not the text itself.
"""
import gzip, io, json, random, re, signal, sys, warnings

warnings.simplefilter('ignore')
assert sys.version_info[:2] == (3, 11)

TEXTS = [
    'hello \U0001f600 world 123', '#tag1 #tag_2\uff0c\u4e00\u4e2a\u7537\u5b69', 'a.b$c^d',
    'line one\nline two\r\nline three\u2028four\n', 'price $5 \\ back', 'aaa bbb', '(1girl:1.2), <lora:x:0.5>',
    'e\u0301 \u00e9 \u00c9', 'ab\u00a0cd\u3000ef', 'x1y22z333', 'foo_bar-baz', '[tag] {x} |pipe|', 'C:\\dir\\file',
    '\uff46\uff55\uff4c\uff4c \uff11\uff12\uff13', '\ufb01 \u0130 \u00df', 'a\r\nb', 'a\rb', 'a\u0085b', 'a\u2028b',
    'x\u00b2\u00bd\u2460y', 'a\u203fb', '\x1c\x1d\x1e\x1f sep', '\U0001f600x', 'line\x0bvt\n', '', '\n', 'a\n\n', 'abcabc',
    'aabbab', 'ABab', '\u017f\u212as\u00b5\u03bc\u03c3\u03c2\u03a3', '\U00010400\U00010428 \U0001e900', 'cccbaab', 'a b  c', '\x00\x07\x08\x1b\x7f',
]

# Each with the replacements to try; None for those below.
PATTERNS = r'''
[\U0001F600-\U0001F64F]
\U0001F600
[^\U0001F600]
\x41|\x61
\u00e9
\N{BULLET}
\N{LATIN SMALL LETTER E WITH ACUTE}
\N{latin small letter e}
\N{DIGIT ONE}
\N{no such name}
\N{CJK UNIFIED IDEOGRAPH-4E00}
\Nx
\N
(?P<n>\d)(?P=n)
(?P<my_name>\w)(?P=my_name)
(?P<数字>\d)(?P=数字)
(?P<a1_>a)|b
(?P<1a>a)
(?P<a-b>a)
(?P<>a)
(?P<a
(?P<a>x)(?P<a>y)
(?P=a)
(?P=a)(?P<a>x)
(?P<a>x(?P=a))
(?Pa)
(?P
(?P>a)
\w+$
$
^
^$
\Z
\A
\n\Z
\n$
(?m)^line
(?m)a$
(?m)^
(?m)$
(?m:^)a
(?m)^.*$
\d+
\d
\D
\s
\S
\w
\W
\b
\B
\b\w
\w\b
\B\w
[\w-]+
[\W_]
[\d\s]
[^\d\s]
[\D]
[^\W\d]
(a)(b)?
[\[\]{}|]
[^]x]
[]x]
[]
[^]
[a
[a-
[a-]
[-a]
[a-z-9]
[\w-a]
[a-\w]
[z-a]
[a-z&&[^b]]
[a||b]
[a--b]
[a~~b]
[[a]b]
[[:alpha:]]
[\b]
[\a\f\n\r\t\v\\]
[\101]
[\0]
[\08]
[\400]
[\8]
[\x4]
[\u12]
[\U00110000]
[\U0010FFFF]
[\q]
[\Z]
[\B]
[\A]
[\.\-\#]
[^a]
[^\n]
[a^]
[.]
(?a)\w+
(?a)\d
(?a)\s
(?a)\b
(?a)[\W]
(?a:\w)é
(?au)a
(?a)(?u)a
(?u)\w
(?L)a
(?i)ab
(?i)É
(?i)[é]
(?i)[a-f]+
(?i)[^a-f]+
(?i)σ
(?i)ſ
(?i)[k]
(?i)k
(?i)µ
(?i)ß
(?i)ẞ
(?i)İ
(?i)ı
(?i)i
(?i)[i]
(?i)[h-j]
(?i)ﬁ
(?i)\U00010400
(?i)[\U00010400]
(?i)[\U00010400-\U0001044F]
(?i)[a-\U0001044F]
(?ia)ſ|k
(?ai)[s-t]
(?i)(a)\1
(?i)(σ)\1
(?i:a)b
(?-i:a)
(?i)a(?-i:b)
(?i-s:a.)
(?s-i:A.)
(?i-i:a)
(?-a:b)
(?-:a)
(?i-:a)
(?i)
(?ix) a b
a(?i)b
(?:(?i)a)
 (?i)a
(?i)(?m)^a
(?#comment)(?i)a
a|(?i)b
(?q)
(?iq)
(?-q:a)
(?i
(?-i)
(?-i
(?i-
(?t)a
(?x) a  a
(?x)a#comment
(?x)[ ]
(?x)\ 
(?x: a b )c
(?x)a (?#c) +
(?x)(?-x: )a
<[^>]+>
(?<=#)\w+
(?<!#)\w+
(?<=a|b)c
(?<=a|bc)c
(?<=a*)b
(?<=a{2})b
(?<=(a))b
(?<=(a)\1)b
(a)(?<=\1)b
(?<=(?P<x>a)(?P=x))
(?<=(?(1)a|b))(x)
(?<=^a)b
(?<=\b)a
(?<=(?=a)a)b
(?<=.)(?<!a)b
(?<=)a
(?<!a
(?<n>a)
(?<
(?=a)
(?!a)
(?=(a))\1
(?!(a)b)\w
(?=a)*b
(?=a)*
(?:)*a
(?>a)
(?>a+)b
(?>a|ab)c
(?>(a)|b)+
a++b
a*+a
a?+a
a{1,2}+a
(?:ab)++c
(?:a|ab)++c
(?:a|ab){2,}+
(ab?)*+b
a**
a*??
a+?
a??
a+++
a{,2}
a{,}
a{2}
a{2,}
a{2,1}
a{
a{}
a{1
a{1,
a{x}
a{,x}
{2}
a{99999999999}
a{4294967294}
a{4294967295}
x{0}
(?:a{0})*b
*
+a
?
(*)
(?:*)
^*
$*
\b+
(?:^)*a
|
a|
|a
a||b
(|a)
()
(a|)
(
)
(a
a)
((a)
(?:a
(?
(?)
(??)
(?*)
(?z)
(?#
(?#abc
(?#a)b)
\1
(a)\1
(a)\2
(a\1)
\0
\00
\07
\08
\101
\377
\400
\777
(a)\11
(a)\101
\8
\9
\18
\h
\p{L}
\P{L}
\R
\X
\K
\G
\z
\Qa\E
\E
\c
\cA
\k<n>
\g<n>
\e
\i
\y
\_
\-
\#
\ 
\é
\x4
\xg
\u12
\U0001
\U00110000
\
a\
\v
\a
\f
\t
\\
\.
\$\d
(?(1)a|b)
(a)?(?(1)b|c)
(a)?(?(1)b)
(?P<q>a)?(?(q)b|c)
(?(q)b|c)
(?(0)a|b)
(?(2)a|b)(x)
(a)(?(1)b|c|d)
(?(1
(?()a)
(?(-1)a)
(?( 1 )a)(x)
(?(+1)a)(x)
(?(1_0)a)
(?(1x)a)
((?(1)a|b))
(a)?(?(1)b|c)*
(?:(a)|b)*
(?:(a)|(b))*
(?:(a)|b)*?c
(a|b)*?c
(?:a|(b))+
(a*)*
(a*)+
(a?)*b
(a?)*?b
(?:a?)*?b
(a|b?)*
(a*)(a*)
(a*?)(a*)
(?:a*?)*b
(?:a{2}|b)*
(\w)+?\b
x*?
x*
a*
a*?
.
.*
.*?
.+?
(?s).
(?s:.)b
(?-s:.)+
[\s\S]
a.b
(.)\1
(.)(.)\2\1
(\w+) (\w+)
(?:(\w)(\w)?)+
([ab])+
(([ab])+)
((a)|(b))+
^.|.$
\w(?=\w)
(?<=\w)(?=\w)
(?i)(?:A|b)+
a|ab|abc
(?:a|ab|abc)c
ab|ac|ad
cat|car
(?:[a-c]|\d)+
[\ud800]
\ud83d
\t|\x20
é|É
'''.strip('\n').split('\n')

REPLACEMENTS = ['<\\g<0>>', '']
TEMPLATES = [
    ('a', r) for r in [
        '\\q', '\\x41', '$1', '\\0', '\\00', '\\012', '\\101', '\\400', '\\n\\t\\r\\\\', '\\a\\b\\f\\v', '\\g', '\\g<', '\\g<>',
        '\\g<1', '\\g<1>', '\\g<0>', '\\g<a>', '\\g<-1>', '\\g< 0 >', '\\g<00>', '\\g<1a>', '\\1', '\\10', '\\8', '\\', 'x\\', '\\.', '\\$',
        '\\-', '\\é', '\\ ', '&', '\\&', '\U0001f600', '\\u0041', '\\N', '\\g<é>', '\\g0', '\\G<0>', '${a}', '\\Z', '\\d', '\\\n', '\\\\1', '\\\\\\g<0>',
    ]
] + [
    ('(a)', r) for r in ['\\1\\1', '\\10', '\\11', '\\1a', '\\100', '\\141', '\\01', '\\g<1>0', '\\g<01>', '\\g<+1>', '\\g<1_0>', '\\g<0x1>', '\\2', '\\g<2>']
] + [
    ('(?P<n>a)|b', r) for r in ['[\\g<n>]', '[\\1]', '\\g<m>', '\\g<n', '\\g<n>>', '\\n', '\\g<N>']
] + [('(a)(b)?', '[\\1\\2]'), ('(a)|(b)', '\\2\\1'), ('()', '\\1x'), ('(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)?', '\\10|\\9'), ('(?P<数>a)', '\\g<数>!')]


def outcome(pattern, dotall, repl, texts=TEXTS):
    case = {'pattern': pattern, 'dotall': dotall, 'repl': repl}
    try:
        compiled = re.compile(pattern, re.DOTALL if dotall else 0)
        compiled.sub(repl, '')
        if compiled.groups or '\\' in repl:
            re._parser.parse_template(repl, compiled)
    except (re.error, IndexError, OverflowError, ValueError, RecursionError) as e:
        case['error'] = str(e)
        return case
    case['changed'] = {}
    for i, text in enumerate(texts):
        result = compiled.sub(repl, text)
        if result != text:
            case['changed'][i] = result
    return case


ATOMS = ['a', 'b', 'c', 'A', 'é', '.', r'\w', r'\d', r'\s', r'\W', '[ab]', '[^a]', '[a-c1]', r'[\w-]', '\n', ' ', r'\b', r'\B', '^', '$', '1', '\U0001f600', 'σ', 's', 'i',
         r'\Z', r'\A', '一', r'[^\s\d]', '[A-C]', r'\S']
QUANTIFIERS = ['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{,2}', '{2,}?', '{0,1}?', '*+', '++', '?+', '{1,2}+']


def pattern(rng, depth, groups):
    kind = rng.random()
    if depth == 0 or kind < 0.3:
        return rng.choice(ATOMS)
    if kind < 0.55:
        return ''.join(pattern(rng, depth - 1, groups) for _ in range(rng.randint(1, 3)))
    if kind < 0.72:
        inner = pattern(rng, depth - 1, groups)
        return ('(?:' + inner + ')' if rng.random() < 0.6 or len(inner) > 1 else inner) + rng.choice(QUANTIFIERS)
    if kind < 0.82:
        groups[0] += 1
        return '(' + pattern(rng, depth - 1, groups) + ')' + rng.choice(['', '', '', '*', '+', '?', '*?', '{2}', '*+'])
    if kind < 0.9:
        return '(?:' + '|'.join(pattern(rng, depth - 1, groups) for _ in range(rng.randint(2, 3))) + ')'
    if kind < 0.94:
        return rng.choice(['(?=', '(?!', '(?<=', '(?<!', '(?>', '(?i:', '(?m:', '(?s:', '(?a:', '(?-i:', '(?-s:']) + pattern(rng, depth - 1, groups) + ')'
    if groups[0] and kind < 0.98:
        return '\\' + str(rng.randint(1, groups[0]))
    if groups[0]:
        return '(?(%d)%s|%s)' % (rng.randint(1, groups[0]), pattern(rng, depth - 1, groups), pattern(rng, depth - 1, groups))
    return rng.choice(ATOMS)


def texts_for(rng, count=6):
    return [''.join(rng.choice('aaabbbcAé1 \nsσiς一_-\U0001f600') for _ in range(rng.randint(0, 14))) for _ in range(count)]


class TooLong(Exception):
    pass


def alarm(*_):
    raise TooLong


def random_cases(count, seed):
    rng = random.Random(seed)
    signal.signal(signal.SIGALRM, alarm)
    made = 0
    while made < count:
        groups = [0]
        expression = rng.choice(['', '', '', '(?i)', '(?m)', '(?a)', '(?im)']) + pattern(rng, rng.randint(1, 5), groups)
        repl = '<' + ''.join('\\g<%d>,' % i for i in range(groups[0] + 1)) + '>'
        texts = texts_for(rng)
        dotall = rng.random() < 0.5
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        try:
            case = outcome(expression, dotall, repl, texts)
        except (TooLong, SystemError):
            continue
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if 'error' in case and rng.random() < 0.8:
            continue
        case['texts'] = texts
        made += 1
        yield case


def ranges(predicate):
    found, start = [], None
    for c in range(0x110001):
        holds = c < 0x110000 and predicate(chr(c))
        if holds and start is None:
            start = c
        if not holds and start is not None:
            found.append([start, c - 1])
            start = None
    return found


def characters():
    import _sre
    from re._casefix import _EXTRA_CASES
    return {
        'w': ranges(re.compile(r'\w').match), 'd': ranges(re.compile(r'\d').match), 's': ranges(re.compile(r'\s').match),
        'alnum': ranges(str.isalnum), 'alpha': ranges(str.isalpha), 'space': ranges(str.isspace),
        'identifier': ranges(str.isidentifier), 'identifier_part': ranges(lambda c: ('a' + c).isidentifier()),
        'cased': ranges(lambda c: _sre.unicode_iscased(ord(c))),
        'lower': [[c, _sre.unicode_tolower(c)] for c in range(0x110000) if _sre.unicode_tolower(c) != c],
        'other_cases': [[c, *sorted(others)] for c, others in sorted(_EXTRA_CASES.items())],
        # str.lower of every character whose small form is not itself.
        'lowered': [[c, chr(c).lower()] for c in range(0x110000) if chr(c).lower() != chr(c)],
    }


if __name__ == '__main__':
    if len(sys.argv) > 1:
        for case in random_cases(int(sys.argv[1]), int(sys.argv[2])):
            print(json.dumps(case))
    else:
        with io.TextIOWrapper(gzip.GzipFile('cases.jsonl.gz', 'wb', mtime=0), 'ascii', newline='\n') as out:
            out.write(json.dumps({'texts': TEXTS}) + '\n')
            for expression in PATTERNS:
                for dotall in (True, False) if '.' in expression else (True,):
                    for repl in REPLACEMENTS:
                        out.write(json.dumps(outcome(expression, dotall, repl)) + '\n')
            for expression, repl in TEMPLATES:
                out.write(json.dumps(outcome(expression, True, repl)) + '\n')
            for case in random_cases(1500, 12):
                out.write(json.dumps(case) + '\n')
        with open('characters.json', 'w', encoding='ascii') as out:
            json.dump(characters(), out, separators=(',', ':'))
