"""Computes cosine.json: SciPy's cosine transform (as imagededup's PHash calls it) of 32 × 32 greys.

    pip install numpy scipy==1.17.1 && python make_cosine.py     # in this folder
"""
import json
import numpy
from scipy.fftpack import dct

random = numpy.random.default_rng(0)
y, x = numpy.mgrid[0:32, 0:32]
pictures = {
    'even': numpy.full((32, 32), 142),
    'random': random.integers(0, 256, (32, 32)),
    'symmetric': numpy.minimum(x, 31 - x) * 7 + numpy.minimum(y, 31 - y),
    'stripes': (x // 4 % 2) * 255,
    'square': ((abs(x - 15.5) < 9) & (abs(y - 15.5) < 9)) * 200 + 20,
    'checks': ((x + y) % 2) * 255,
}
done = {}
for name, grey in pictures.items():
    grey = grey.astype('uint8')
    done[name] = {'grey': grey.tolist(), 'coefficients': dct(dct(grey, axis=0), axis=1).tolist()}
with open('cosine.json', 'w') as out:
    json.dump(done, out)
