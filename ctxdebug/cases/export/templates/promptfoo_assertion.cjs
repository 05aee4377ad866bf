// Judges an answer by the expectation of its case. Expectations are read from the JSON file, never rendered.
const fs = require('fs');
const path = require('path');

const cases = JSON.parse(fs.readFileSync(path.join(__dirname, 'ctxdebug_cases.json'), 'utf8'));
const HYPHENS = '-\u2010\u2011\u2012\u2013\u2212';
const SINGLE = "'\u2018\u2019\u02bc";
const DOUBLE = '"\u201c\u201d\u201e';

function folded(character) {
  for (const alike of [HYPHENS, SINGLE, DOUBLE]) {
    if (alike.includes(character)) {
      return '[' + alike.replace(/[-\\\]^]/g, '\\$&') + ']';
    }
  }
  return character.replace(/[.*+?^${}()|[\]\\\/]/g, '\\$&');
}

// any space matches any run of spaces; a phrase that begins or ends with a digit is not part of a longer number
function finds(text, phrase, ignoreCase) {
  const words = phrase.split(/\s+/).map((word) => Array.from(word).map(folded).join(''));
  const before = /^\d/.test(phrase) ? '(?<![0-9][.,]?)' : '';
  const after = /\d$/.test(phrase) ? '(?![.,]?[0-9])' : '';
  return new RegExp(before + words.join('\\s+') + after, ignoreCase ? 'iu' : 'u').test(text);
}

function within(expected, given) {
  if (Array.isArray(expected)) {
    return Array.isArray(given) && given.length === expected.length && expected.every((item, index) => within(item, given[index]));
  }
  if (expected !== null && typeof expected === 'object') {
    return Object.keys(expected).every((key) => given !== null && typeof given === 'object' && key in given && within(expected[key], given[key]));
  }
  return expected === given;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return undefined;
  }
}

function called(value, calls) {
  const wanted = typeof value === 'string' ? { name: value, arguments: {} } : { arguments: {}, ...value };
  return calls.some((call) => call.name === wanted.name && within(wanted.arguments, parsed(call.arguments) || {}));
}

function wordCount(text) {
  const words = text.match(/[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+/g) || [];
  return words.filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

const WORDS = {
  contains: (value, seen) => finds(seen.answer, value, false),
  icontains: (value, seen) => finds(seen.answer, value, true),
  'not-contains': (value, seen) => !finds(seen.answer, value, false),
  'not-icontains': (value, seen) => !finds(seen.answer, value, true),
  'contains-any': (value, seen) => value.some((phrase) => finds(seen.answer, phrase, false)),
  'contains-all': (value, seen) => value.every((phrase) => finds(seen.answer, phrase, false)),
  'starts-with': (value, seen) => seen.answer.trimStart().startsWith(value),
  equals: (value, seen) => seen.answer.trim() === value.trim(),
  regex: (value, seen) => new RegExp(value, 'u').test(seen.answer),
  'not-regex': (value, seen) => !new RegExp(value, 'u').test(seen.answer),
  'max-words': (value, seen) => wordCount(seen.answer) <= value,
  'is-json': (value, seen) => parsed(seen.answer.trim()) !== undefined,
  'tool-called': (value, seen) => called(value, seen.calls),
  'tool-not-called': (value, seen) => !called(value, seen.calls),
  all: (value, seen) => value.every((part) => judge(part, seen)),
  any: (value, seen) => value.some((part) => judge(part, seen)),
  not: (value, seen) => !judge(value, seen),
};

function judge(expectation, seen) {
  const [word] = Object.keys(expectation);
  return WORDS[word](expectation[word], seen);
}

function reason(expectation, seen) {
  const [word] = Object.keys(expectation);
  if (word === 'all') {
    return expectation.all.filter((part) => !judge(part, seen)).map((part) => reason(part, seen)).join('; ');
  }
  return `${judge(expectation, seen) ? 'met' : 'not met'}: ${JSON.stringify(expectation)}`;
}

module.exports = (output, context) => {
  const id = context.vars.case;
  const seen = typeof output === 'string' ? JSON.parse(output) : output;
  const pass = judge(cases[id].expect, seen);
  return { pass, score: pass ? 1 : 0, reason: pass ? 'as the case expects' : reason(cases[id].expect, seen) };
};
