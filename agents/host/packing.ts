import type { KubeObject } from '../contract/index.ts';

/**
 * Keeps projected objects small, and cheap to send to another thread. The pods of one Deployment are the same object but for a
 * handful of strings: names, times, addresses. What they share is a *form*, held once; what is an object's own is one string of
 * *leaves*. 30,000 pods that take 160 MiB as objects take a tenth of that.
 *
 * Forms are learnt: one begins as an object itself, and where another object of the family differs in a string or a number, there
 * the next form has a hole. Objects of small families use forms of their kind, so that a form pays for itself.
 *
 * An object that is unpacked shares what is the same in all objects of its form with them: it must not be changed.
 */
export interface Packed {
  readonly form: Form;
  /** Own values in the order of the form's holes, joined; `joinLeaves` says how. */
  readonly leaves: string;
}

/** A value, or a value with holes. Plain data, so that it can be sent. */
export type Form = Whole | Hole | ObjectForm | ListForm;
/** A value without holes: itself, one for all. */
interface Whole {
  readonly type: 'whole';
  readonly value: unknown;
}
/** What an own value is read back as. */
interface Hole {
  readonly type: 'text' | 'time' | 'number';
}
interface ObjectForm {
  readonly type: 'object';
  readonly keys: readonly string[];
  readonly parts: readonly Form[];
}
interface ListForm {
  readonly type: 'list';
  readonly parts: readonly Form[];
}

const TEXT: Hole = { type: 'text' };
const TIME: Hole = { type: 'time' };
const NUMBER: Hole = { type: 'number' };
const SEPARATOR = '\0';
const AGAIN = '\u0001';

/** A family this large has forms of its own; smaller ones use those of the kind. */
const OWN_FORMS_FROM = 4;
/** Forms that a family's objects had lately; a pod that starts goes through about four. */
const FORMS_KEPT = 6;
const KIND_FORMS_KEPT = 48;
/** An object that differs from a form in more places than this is not alike. */
const MOST_NEW_HOLES = 40;
/** Families, and parts that are shared between forms, are forgotten when there are more; what is in use stays with its objects. */
const MOST_FAMILIES = 20_000;
const MOST_SHARED = 5_000;
/** As JSON; what is larger is most likely one owner's own. */
const LARGEST_SHARED = 256;

interface Family {
  members: number;
  readonly forms: Form[];
  /** The last object before the family has forms of its own: the first of them is learnt from two. */
  sample: KubeObject | undefined;
}

export class Packer {
  readonly #kinds = new Map<string, Family>();
  readonly #families = new Map<string, Family>();
  /** By their JSON: probes, tolerations and the like are the same in the forms of many owners. */
  readonly #shared = new Map<string, Whole>();

  pack(object: KubeObject): Packed {
    const family = this.#family(object);
    const kind = family.members > OWN_FORMS_FROM ? undefined : this.#kind(object.kind);
    const known = fitting(family.forms, object) ?? (kind === undefined ? undefined : fitting(kind.forms, object));
    const { sample } = family;
    family.sample = family.members === OWN_FORMS_FROM ? object : undefined;
    if (known !== undefined) return known;
    const own = kind === undefined;
    const forms = own ? family.forms : kind.forms;
    const form = this.#share(learn(sample === undefined ? forms : [firstForm(sample)], object) ?? firstForm(object));
    forms.unshift(form);
    if (forms.length > (own ? FORMS_KEPT : KIND_FORMS_KEPT)) forms.pop();
    const packed = fitting([form], object);
    if (packed === undefined) throw new Error('a form does not fit the object it was made from');
    return packed;
  }

  #share(form: Form): Form {
    switch (form.type) {
      case 'whole': {
        if (typeof form.value !== 'object' || form.value === null) return form;
        const key = JSON.stringify(form.value);
        if (key.length > LARGEST_SHARED) return form;
        const known = this.#shared.get(key);
        // JSON leaves out absent fields that are there by name, so equal texts are not yet equal values.
        if (known !== undefined && equal(known.value, form.value)) return known;
        if (this.#shared.size >= MOST_SHARED) this.#shared.clear();
        this.#shared.set(key, form);
        return form;
      }
      case 'list':
      case 'object': {
        const parts = form.parts.map((part) => this.#share(part));
        return parts.every((part, i) => part === form.parts[i]) ? form : { ...form, parts };
      }
      default:
        return form;
    }
  }

  /** Objects that are probably alike: those of one owner, else of one kind. */
  #family(object: KubeObject): Family {
    const [owner] = object.metadata.ownerReferences;
    if (owner === undefined) return this.#kind(object.kind);
    const key = `${object.kind} ${owner.uid}`;
    let family = this.#families.get(key);
    if (family === undefined) {
      if (this.#families.size >= MOST_FAMILIES) this.#families.clear();
      this.#families.set(key, (family = { members: 0, forms: [], sample: undefined }));
    }
    family.members++;
    return family;
  }

  #kind(kind: string): Family {
    let family = this.#kinds.get(kind);
    if (family === undefined) this.#kinds.set(kind, (family = { members: 0, forms: [], sample: undefined }));
    return family;
  }
}

/** The object as it was packed: equal to it, not the same. */
export function unpack({ form, leaves }: Packed): KubeObject {
  return fill(form, { leaves: splitLeaves(leaves), at: 0 }) as KubeObject;
}

/** Whether both stand for the same value. */
export function samePacked(a: Packed, b: Packed): boolean {
  if (a.form === b.form) return a.leaves === b.leaves;
  return equal(unpack(a), unpack(b));
}

function fitting(forms: Form[], object: KubeObject): Packed | undefined {
  const leaves: string[] = [];
  for (let i = 0; i < forms.length; i++) {
    const form = forms[i];
    leaves.length = 0;
    if (form === undefined || !fits(form, object, leaves)) continue;
    if (i > 0) {
      forms.splice(i, 1);
      forms.unshift(form);
    }
    return { form, leaves: joinLeaves(leaves) };
  }
  return undefined;
}

/** The first of the forms of which a little more general one fits. */
function learn(forms: readonly Form[], object: KubeObject): Form | undefined {
  for (const form of forms) {
    const wider = widen(form, object, { holes: MOST_NEW_HOLES });
    if (wider !== undefined) return wider;
  }
  return undefined;
}

const formOf = (value: unknown): Form => ({ type: 'whole', value });

/** The same form with its outermost value taken apart. */
function opened(form: Whole): ObjectForm | ListForm | Whole {
  const { value } = form;
  if (Array.isArray(value)) return { type: 'list', parts: (value as unknown[]).map(formOf) };
  if (typeof value !== 'object' || value === null) return form;
  return { type: 'object', keys: Object.keys(value), parts: Object.values(value).map(formOf) };
}

/** No two objects have these in common, so that even the first form of a family has holes for them. */
const OWN_NAMES = ['name', 'uid', 'resourceVersion'];

const firstForm = (object: KubeObject): Form => OWN_NAMES.reduce((wider, name) => withOwn(wider, name), formOf(object));

function withOwn(form: Form, name: string): Form {
  const outer = form.type === 'whole' ? opened(form) : form;
  if (outer.type !== 'object') return form;
  const within = (part: Form, key: string): Form => {
    if (key === 'metadata') return withOwn(part, name);
    return key === name && part.type === 'whole' && typeof part.value === 'string' && isPlain(part.value) ? TEXT : part;
  };
  return { ...outer, parts: outer.parts.map((part, i) => within(part, outer.keys[i] ?? '')) };
}

/** The least general form that fits what the given one fits, and the value too; undefined where their shapes differ. */
function widen(form: Form, value: unknown, budget: { holes: number }): Form | undefined {
  switch (form.type) {
    case 'whole': {
      if (equal(form.value, value)) return form;
      const outer = opened(form);
      if (outer.type !== 'whole') return widen(outer, value, budget);
      if (--budget.holes < 0) return undefined;
      if (typeof value === 'number' && typeof form.value === 'number') return NUMBER;
      if (typeof value !== 'string' || typeof form.value !== 'string' || !isPlain(value) || !isPlain(form.value)) return undefined;
      return packTime(value) !== undefined && packTime(form.value) !== undefined ? TIME : TEXT;
    }
    case 'text':
      return typeof value === 'string' && isPlain(value) ? form : undefined;
    case 'time':
      return typeof value !== 'string' || !isPlain(value) ? undefined : packTime(value) !== undefined ? form : TEXT;
    case 'number':
      return typeof value === 'number' ? form : undefined;
    case 'list': {
      if (!Array.isArray(value) || value.length !== form.parts.length) return undefined;
      const parts = widenAll(form.parts, value, budget);
      return parts === undefined ? undefined : parts === form.parts ? form : { type: 'list', parts };
    }
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
      const keys = Object.keys(value);
      if (keys.length !== form.keys.length || keys.some((key, i) => key !== form.keys[i])) return undefined;
      const parts = widenAll(form.parts, Object.values(value), budget);
      return parts === undefined ? undefined : parts === form.parts ? form : { type: 'object', keys: form.keys, parts };
    }
  }
}

function widenAll(parts: readonly Form[], values: readonly unknown[], budget: { holes: number }): readonly Form[] | undefined {
  let changed = false;
  const wider: Form[] = [];
  for (const [i, part] of parts.entries()) {
    const next = widen(part, values[i], budget);
    if (next === undefined) return undefined;
    changed ||= next !== part;
    wider.push(next);
  }
  return changed ? wider : parts;
}

/** Whether `value` is this form with some leaves; they are gathered on the way. */
function fits(form: Form, value: unknown, leaves: string[]): boolean {
  switch (form.type) {
    case 'whole':
      return equal(form.value, value);
    case 'text':
      if (typeof value !== 'string' || !isPlain(value)) return false;
      leaves.push(value);
      return true;
    case 'time': {
      const time = typeof value === 'string' ? packTime(value) : undefined;
      if (time === undefined) return false;
      leaves.push(time);
      return true;
    }
    case 'number':
      if (typeof value !== 'number') return false;
      leaves.push(String(value));
      return true;
    case 'list': {
      const { parts } = form;
      if (!Array.isArray(value) || value.length !== parts.length) return false;
      for (let i = 0; i < parts.length; i++) if (!fits(parts[i] as Form, value[i], leaves)) return false;
      return true;
    }
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
      const { keys, parts } = form;
      let i = 0;
      for (const key in value) {
        if (key !== keys[i] || !fits(parts[i] as Form, (value as Record<string, unknown>)[key], leaves)) return false;
        i++;
      }
      return i === keys.length;
    }
  }
}

/** Deep equality of plain values. */
function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!equal(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  let left = 0;
  for (const _key in a) left++;
  for (const key in b) {
    left--;
    if (!Object.hasOwn(a, key) || !equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  }
  return left === 0;
}

interface Cursor {
  readonly leaves: readonly string[];
  at: number;
}

interface Mould {
  readonly mould: Record<string, unknown>;
  /** Places among the parts that are filled for each object. */
  readonly holes: readonly number[];
}
const moulds = new WeakMap<ObjectForm, Mould>();

/**
 * An object of the form to copy. It comes out of JSON.parse, which gives it exactly the room of its fields, and a copy has the same:
 * an object that grows field by field takes half as much again.
 */
function mouldOf(form: ObjectForm): Mould {
  let known = moulds.get(form);
  if (known === undefined) {
    const { keys, parts } = form;
    const holes = parts.flatMap((part, i) => (part.type === 'whole' ? [] : [i]));
    const mould = JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, null])))) as Record<string, unknown>;
    for (const [i, part] of parts.entries()) if (part.type === 'whole') mould[keys[i] as string] = part.value;
    moulds.set(form, (known = { mould, holes }));
  }
  return known;
}

function fill(form: Form, cursor: Cursor): unknown {
  switch (form.type) {
    case 'whole':
      return form.value;
    case 'text':
      return cursor.leaves[cursor.at++];
    case 'time':
      return unpackTime(cursor.leaves[cursor.at++] ?? '');
    case 'number':
      return Number(cursor.leaves[cursor.at++]);
    case 'list': {
      const { parts } = form;
      const list: unknown[] = new Array(parts.length);
      for (let i = 0; i < parts.length; i++) list[i] = fill(parts[i] as Form, cursor);
      return list;
    }
    case 'object': {
      const { keys, parts } = form;
      // In the order of the leaves, which is that of the parts; what is whole is in the mould already.
      const { mould, holes } = mouldOf(form);
      const object = { ...mould };
      for (const i of holes) object[keys[i] as string] = fill(parts[i] as Form, cursor);
      return object;
    }
  }
}

const isPlain = (text: string): boolean => !text.includes(SEPARATOR) && !text.startsWith(AGAIN);

/** A leaf that was there before (a time, the name of a volume and of its mount) is said by its place, where that is shorter. */
function joinLeaves(leaves: string[]): string {
  for (let i = leaves.length - 1; i > 0; i--) {
    const leaf = leaves[i] as string;
    if (leaf.length < 4) continue;
    const first = leaves.indexOf(leaf);
    if (first < i) leaves[i] = AGAIN + first.toString(36);
  }
  return leaves.join(SEPARATOR);
}

function splitLeaves(joined: string): string[] {
  const leaves = joined.split(SEPARATOR);
  if (!joined.includes(AGAIN)) return leaves;
  return leaves.map((leaf) => (leaf.startsWith(AGAIN) ? (leaves[Number.parseInt(leaf.slice(1), 36)] ?? '') : leaf));
}

/** `2026-11-20T08:15:30Z`, as the API writes times. */
const TIME_PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
/** The times of a cluster are few, for many objects change in the same second: both ways are remembered. */
const MOST_TIMES = 2_000;
const packedTimes = new Map<string, string>();
const unpackedTimes = new Map<string, string>();

/** Seconds since 1970 in base 36; undefined for what `Date` would write otherwise (a 30th of February is a word). */
function packTime(text: string): string | undefined {
  if (text.length !== 20 || text.charCodeAt(10) !== 84) return undefined;
  const known = packedTimes.get(text);
  if (known !== undefined) return known;
  if (!TIME_PATTERN.test(text)) return undefined;
  const packed = (Date.parse(text) / 1000).toString(36);
  if (unpackTime(packed) !== text) return undefined;
  if (packedTimes.size >= MOST_TIMES) packedTimes.clear();
  packedTimes.set(text, packed);
  return packed;
}

function unpackTime(packed: string): string {
  const known = unpackedTimes.get(packed);
  if (known !== undefined) return known;
  const time = new Date(Number.parseInt(packed, 36) * 1000);
  const text = Number.isNaN(time.getTime()) ? '' : `${time.toISOString().slice(0, 19)}Z`;
  if (unpackedTimes.size >= MOST_TIMES) unpackedTimes.clear();
  unpackedTimes.set(packed, text);
  return text;
}
