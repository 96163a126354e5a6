"""Computes links.jsonl.gz: what data-juicer 1.0.0's clean_links_mapper finds, with the package regex.

    pip install regex && python make_links.py      # in this folder
"""
import gzip, io, json, random, regex

PATTERN = (r'(?i)\b((?:[a-z][\w-]+:(?:\/{1,3}|[a-z0-9%])|www\d{0,3}[.]|[a-z0-9.\-]+[.][a-z]{2,4}\/)'
           r'(?:[^\s()<>]+|\(([^\s()<>]+|(\([^\s()<>]+\)))*\))+(?:\(([^\s()<>]+|(\([^\s()<>]+\)))*\)'
           r'|[^\s`!()\[\]{};:\'\".,<>?«»“”‘’]))')
PIECES = ['http', 'https', 'ftp', 'www', 'WWW', 'x', 'a', 'B', '中', 'é', '1', '23', '.', '.', ':', ':', '/', '/', '//', '://', '(', ')', '((', '))', '-', '_', '%',
          ' ', '\n', '<', '>', '!', '?', ',', ';', '[', ']', '“', '’', '.com', '.org/', 'co.uk/', '\u0301', '\U0001f600', 'ſ', '\u212a', 'İ', '\x1c', '\u3000', '٣', '²']
rng = random.Random(3)
with io.TextIOWrapper(gzip.GzipFile('links.jsonl.gz', 'wb', mtime=0), 'ascii', newline='\n') as out:
    made = 0
    while made < 4000:
        text = ''.join(rng.choice(PIECES) for _ in range(rng.randint(3, 16)))
        if rng.random() < 0.5:
            text = rng.choice(['http://', 'www.', 'a.com/', 'mailto:x', 'x-y:', 'www12.', 'www1234.', 'a.b.museum/']) + text
        try:
            found = regex.sub(PATTERN, r'<\1>', text, flags=regex.DOTALL, timeout=2)
        except TimeoutError:
            continue
        # Two of three texts without a link say little.
        if found == text and rng.random() < 0.7:
            continue
        out.write(json.dumps([text, found]) + '\n')
        made += 1
