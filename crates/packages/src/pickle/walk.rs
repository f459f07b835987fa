//! The stack machine of pickle, with values left out.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, BufRead};
use std::rc::Rc;

/// Values kept on the stack and in the memo; a pickle that needs more is no model.
const STACK_MAX: usize = 4_000_000;
const MEMO_MAX: usize = 4_000_000;
/// Bytes of a text that may be a name; longer ones are not kept.
const NAME_BYTES_MAX: usize = 512;
/// Bytes of a line in the text protocol.
const LINE_BYTES_MAX: usize = 16 << 20;
/// Different imports kept.
const IMPORTS_MAX: usize = 10_000;

/// What a walk saw.
#[derive(Debug, PartialEq)]
pub(super) struct Walked {
    /// Imports in the order of their first appearance.
    pub(super) imports: Vec<Import>,
    /// Why the walk could not reach the end.
    pub(super) malformed: Option<String>,
}

/// Something imported while loading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Import {
    pub(super) module: String,
    pub(super) name: String,
    /// Whether it is called, by `REDUCE`, `INST`, `OBJ` or `NEWOBJ`.
    pub(super) called: bool,
}

/// As much of a value as the walk needs.
#[derive(Clone)]
enum Value {
    Mark,
    Text(Rc<str>),
    /// Index into the imports.
    Import(usize),
    Tuple(Rc<[Value]>),
    Number(i64),
    /// What `BUILD` must recognise: an array whose bytes follow in the stream, as joblib writes it.
    ArrayWrapper(Rc<RefCell<ArrayState>>),
    Dict(Members),
    /// A data type by its code, `f8`, with the bytes of one element.
    DataType(Option<u64>),
    Other,
}

/// What is remembered of a dictionary: its text keys.
type Members = Rc<RefCell<Vec<(Rc<str>, Value)>>>;

/// State of joblib's `NumpyArrayWrapper`, as far as it tells how many bytes follow.
#[derive(Default)]
struct ArrayState {
    elements: Option<u64>,
    element_bytes: Option<u64>,
    aligned: bool,
}

enum Stop {
    Io(io::Error),
    Malformed(String),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Self::Malformed("it is cut off".to_owned())
        } else {
            Self::Io(error)
        }
    }
}

fn malformed<T>(why: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Malformed(why.into()))
}

/// Walks to the end of the stream.
pub(super) fn walk<R: BufRead>(reader: R) -> io::Result<Walked> {
    let mut machine = Machine {
        reader,
        at: 0,
        stack: Vec::new(),
        memo: Memo::default(),
        imports: Vec::new(),
        known: HashMap::new(),
    };
    let outcome = machine.run();
    let malformed = match outcome {
        Ok(()) => None,
        Err(Stop::Malformed(why)) => Some(format!("{why}, at byte {}", machine.at)),
        Err(Stop::Io(error)) => return Err(error),
    };
    Ok(Walked { imports: machine.imports, malformed })
}

struct Machine<R> {
    reader: R,
    at: u64,
    stack: Vec<Value>,
    memo: Memo,
    imports: Vec<Import>,
    known: HashMap<(String, String), usize>,
}

#[derive(Default)]
struct Memo {
    values: HashMap<u64, Value>,
    next: u64,
}

impl<R: BufRead> Machine<R> {
    /// One pickle after the other until the stream ends.
    fn run(&mut self) -> Result<(), Stop> {
        let mut pickles = 0_u64;
        loop {
            if self.reader.fill_buf()?.is_empty() {
                return if pickles > 0 { Ok(()) } else { malformed("it is empty") };
            }
            self.stack.clear();
            self.memo = Memo::default();
            while self.step()? {}
            pickles += 1;
        }
    }

    /// One opcode; false at `STOP`.
    fn step(&mut self) -> Result<bool, Stop> {
        let opcode = self.byte()?;
        match opcode {
            b'.' => {
                self.pop()?;
                return Ok(false);
            }
            // Framing and protocol.
            0x80 => {
                let protocol = self.byte()?;
                if protocol > 5 {
                    return malformed(format!("its protocol {protocol} is not known"));
                }
            }
            0x95 => {
                self.skip_u64_sized(8)?;
            }
            // Marks and stack.
            b'(' => self.push(Value::Mark)?,
            b'0' => {
                self.pop_any()?;
            }
            b'1' => {
                self.pop_mark()?;
            }
            b'2' => {
                let top = self.stack.last().cloned();
                match top {
                    Some(value) => self.push(value)?,
                    None => return malformed("it duplicates from an empty stack"),
                }
            }
            // Values of fixed kinds.
            b'N' | 0x88 | 0x89 => self.push(Value::Other)?,
            b'I' => {
                let line = self.line()?;
                self.push(number_or_other(&line))?;
            }
            b'L' => {
                let line = self.line()?;
                self.push(number_or_other(line.strip_suffix(b"L").unwrap_or(&line)))?;
            }
            b'F' => {
                self.line()?;
                self.push(Value::Other)?;
            }
            b'J' => {
                let number = i32::from_le_bytes(self.array()?);
                self.push(Value::Number(number.into()))?;
            }
            b'K' => {
                let number = self.byte()?;
                self.push(Value::Number(number.into()))?;
            }
            b'M' => {
                let number = u16::from_le_bytes(self.array()?);
                self.push(Value::Number(number.into()))?;
            }
            b'G' => {
                self.skip(8)?;
                self.push(Value::Other)?;
            }
            0x8A => {
                let length = self.byte()?;
                self.long(length.into())?;
            }
            0x8B => {
                let length = self.length4()?;
                self.long(length)?;
            }
            // Texts and bytes.
            b'S' => {
                let line = self.line()?;
                let inner = line.strip_prefix(b"'").and_then(|it| it.strip_suffix(b"'"));
                let inner = inner.or_else(|| line.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\"")));
                match inner {
                    // An escape could spell a name; a name with a backslash matches nothing ordinary.
                    Some(inner) => self.push_text(inner)?,
                    None => return malformed("a quoted text has no quotes"),
                }
            }
            b'V' => {
                let line = self.line()?;
                self.push_text(&line)?;
            }
            b'U' | 0x8C => {
                let length = self.byte()?;
                self.text(length.into())?;
            }
            b'T' | b'X' => {
                let length = self.length4()?;
                self.text(length)?;
            }
            0x8D => {
                let length = u64::from_le_bytes(self.array()?);
                self.text(length)?;
            }
            b'C' => {
                let length = self.byte()?;
                self.bytes(length.into())?;
            }
            b'B' => {
                let length = self.length4()?;
                self.bytes(length)?;
            }
            0x8E | 0x96 => self.skip_u64_sized(0)?,
            0x97 => self.push(Value::Other)?,
            0x98 => {}
            // Containers.
            b']' | 0x8F => self.push(Value::Other)?,
            b'}' => self.push(Value::Dict(Default::default()))?,
            b')' => self.push(Value::Tuple(Rc::new([])))?,
            b't' => {
                let items = self.pop_mark()?;
                self.push(tuple(items))?;
            }
            0x85..=0x87 => {
                let count = usize::from(opcode - 0x84);
                let mut items = Vec::with_capacity(count);
                for _ in 0..count {
                    items.push(self.pop()?);
                }
                items.reverse();
                self.push(tuple(items))?;
            }
            b'l' | 0x91 => {
                self.pop_mark()?;
                self.push(Value::Other)?;
            }
            b'd' => {
                let items = self.pop_mark()?;
                let dict = Value::Dict(Default::default());
                set_items(&dict, &items);
                self.push(dict)?;
            }
            b'a' => {
                self.pop()?;
                self.peek()?;
            }
            b'e' | 0x90 => {
                self.pop_mark()?;
                self.peek()?;
            }
            b's' => {
                let value = self.pop()?;
                let key = self.pop()?;
                set_items(self.peek()?, &[key, value]);
            }
            b'u' => {
                let items = self.pop_mark()?;
                set_items(self.peek()?, &items);
            }
            // Memo.
            b'p' => {
                let key = self.line_number()?;
                self.memoize(key)?;
            }
            b'q' => {
                let key = self.byte()?;
                self.memoize(key.into())?;
            }
            b'r' => {
                let key = self.length4()?;
                self.memoize(key)?;
            }
            0x94 => {
                let key = self.memo.next;
                self.memoize(key)?;
            }
            b'g' => {
                let key = self.line_number()?;
                self.recall(key)?;
            }
            b'h' => {
                let key = self.byte()?;
                self.recall(key.into())?;
            }
            b'j' => {
                let key = self.length4()?;
                self.recall(key)?;
            }
            // Imports.
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                let import = self.import(&module, &name)?;
                self.push(Value::Import(import))?;
            }
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                let (Value::Text(module), Value::Text(name)) = (module, name) else {
                    return malformed("it imports something whose name it computes");
                };
                let import = self.import(module.as_bytes(), name.as_bytes())?;
                self.push(Value::Import(import))?;
            }
            b'i' => {
                let (module, name) = (self.line()?, self.line()?);
                let import = self.import(&module, &name)?;
                self.imports[import].called = true;
                self.pop_mark()?;
                self.push(Value::Other)?;
            }
            0x82..=0x84 => {
                let bytes = [1, 2, 4][usize::from(opcode - 0x82)];
                self.skip(bytes)?;
                return malformed("it imports by a number from Python's extension registry");
            }
            // Calls.
            b'R' => {
                let arguments = self.pop()?;
                let called = self.pop()?;
                let made = self.call(&called, &arguments);
                self.push(made)?;
            }
            0x81 => {
                self.pop()?;
                let called = self.pop()?;
                let made = self.call(&called, &Value::Other);
                self.push(made)?;
            }
            0x92 => {
                self.pop()?;
                self.pop()?;
                let called = self.pop()?;
                let made = self.call(&called, &Value::Other);
                self.push(made)?;
            }
            b'o' => {
                let items = self.pop_mark()?;
                match items.first() {
                    Some(called) => self.call(called, &Value::Other),
                    None => return malformed("it builds an object of no class"),
                };
                self.push(Value::Other)?;
            }
            b'b' => {
                let state = self.pop()?;
                let built = self.peek()?.clone();
                if let Value::ArrayWrapper(array) = built {
                    take_array_state(&array, &state);
                    self.skip_array(&array)?;
                }
            }
            // Persistent identifiers name something outside; the loader must be told how to find it.
            b'P' => {
                self.line()?;
                self.push(Value::Other)?;
            }
            b'Q' => {
                self.pop()?;
                self.push(Value::Other)?;
            }
            other => return malformed(format!("it has the unknown opcode 0x{other:02x}")),
        }
        Ok(true)
    }

    /// Notes a call and tells as much of its result as the walk needs.
    fn call(&mut self, called: &Value, arguments: &Value) -> Value {
        let Value::Import(index) = called else { return Value::Other };
        let import = &mut self.imports[*index];
        import.called = true;
        match (import.module.as_str(), import.name.as_str(), arguments) {
            ("joblib.numpy_pickle", "NumpyArrayWrapper", _) => Value::ArrayWrapper(Default::default()),
            ("numpy", "dtype", Value::Tuple(items)) => match items.first() {
                Some(Value::Text(code)) => Value::DataType(element_bytes(code)),
                _ => Value::DataType(None),
            },
            _ => Value::Other,
        }
    }

    /// Skips the bytes of an array that joblib writes into the stream behind its wrapper.
    fn skip_array(&mut self, array: &RefCell<ArrayState>) -> Result<(), Stop> {
        let (elements, element_bytes, aligned) = {
            let state = array.borrow();
            (state.elements, state.element_bytes, state.aligned)
        };
        let bytes = elements.zip(element_bytes).and_then(|(count, size)| count.checked_mul(size));
        match (bytes, element_bytes) {
            // Arrays of objects follow as a pickle of their own; the walk goes on in it.
            (_, Some(0)) => {
                let (stack, memo) = (std::mem::take(&mut self.stack), std::mem::take(&mut self.memo));
                while self.step()? {}
                (self.stack, self.memo) = (stack, memo);
                Ok(())
            }
            (Some(bytes), _) => {
                if aligned {
                    let padding = self.byte()?;
                    self.skip(padding.into())?;
                }
                self.skip(bytes)
            }
            (None, _) => malformed("it holds an array of unknown size"),
        }
    }

    fn import(&mut self, module: &[u8], name: &[u8]) -> Result<usize, Stop> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let key = (text(module), text(name));
        if let Some(&index) = self.known.get(&key) {
            return Ok(index);
        }
        if self.imports.len() >= IMPORTS_MAX {
            return malformed(format!("it imports more than {IMPORTS_MAX} things"));
        }
        self.imports.push(Import { module: key.0.clone(), name: key.1.clone(), called: false });
        self.known.insert(key, self.imports.len() - 1);
        Ok(self.imports.len() - 1)
    }

    fn push(&mut self, value: Value) -> Result<(), Stop> {
        if self.stack.len() >= STACK_MAX {
            return malformed("its stack grows beyond reason");
        }
        self.stack.push(value);
        Ok(())
    }

    fn push_text(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let kept = (bytes.len() <= NAME_BYTES_MAX).then(|| std::str::from_utf8(bytes).ok()).flatten();
        self.push(kept.map_or(Value::Other, |text| Value::Text(text.into())))
    }

    fn pop_any(&mut self) -> Result<Value, Stop> {
        self.stack.pop().map_or_else(|| malformed("it takes from an empty stack"), Ok)
    }

    fn pop(&mut self) -> Result<Value, Stop> {
        match self.pop_any()? {
            Value::Mark => malformed("it takes a mark for a value"),
            value => Ok(value),
        }
    }

    fn peek(&self) -> Result<&Value, Stop> {
        match self.stack.last() {
            Some(Value::Mark) | None => malformed("it adds to nothing"),
            Some(value) => Ok(value),
        }
    }

    fn pop_mark(&mut self) -> Result<Vec<Value>, Stop> {
        let mark = self.stack.iter().rposition(|value| matches!(value, Value::Mark));
        let Some(mark) = mark else { return malformed("it looks for a mark that is not there") };
        let items = self.stack.split_off(mark + 1);
        self.stack.pop();
        Ok(items)
    }

    fn memoize(&mut self, key: u64) -> Result<(), Stop> {
        if self.memo.values.len() >= MEMO_MAX {
            return malformed("its memo grows beyond reason");
        }
        let value = self.peek()?.clone();
        self.memo.values.insert(key, value);
        self.memo.next = self.memo.values.len() as u64;
        Ok(())
    }

    fn recall(&mut self, key: u64) -> Result<(), Stop> {
        match self.memo.values.get(&key).cloned() {
            Some(value) => self.push(value),
            None => malformed("it recalls what was never memorised"),
        }
    }

    fn byte(&mut self) -> Result<u8, Stop> {
        Ok(self.array::<1>()?[0])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes)?;
        self.at += N as u64;
        Ok(bytes)
    }

    fn length4(&mut self) -> Result<u64, Stop> {
        let length = i32::from_le_bytes(self.array()?);
        u64::try_from(length).or_else(|_| malformed("a length is negative"))
    }

    fn skip(&mut self, mut count: u64) -> Result<(), Stop> {
        while count > 0 {
            let available = self.reader.fill_buf()?.len();
            if available == 0 {
                return malformed("it is cut off");
            }
            let step = available.min(usize::try_from(count).unwrap_or(usize::MAX));
            self.reader.consume(step);
            self.at += step as u64;
            count -= step as u64;
        }
        Ok(())
    }

    /// Bytes with a length of eight bytes before them, pushed as a value; a frame's length alone when `frame_bytes` is 8.
    fn skip_u64_sized(&mut self, frame_bytes: u64) -> Result<(), Stop> {
        let length = u64::from_le_bytes(self.array()?);
        if frame_bytes > 0 {
            return Ok(());
        }
        self.skip(length)?;
        self.push(Value::Other)
    }

    fn long(&mut self, length: u64) -> Result<(), Stop> {
        if length > 8 {
            self.skip(length)?;
            return self.push(Value::Other);
        }
        let mut bytes = [0_u8; 8];
        let length = length as usize;
        self.reader.read_exact(&mut bytes[..length])?;
        self.at += length as u64;
        if length > 0 && bytes[length - 1] >= 0x80 {
            bytes[length..].fill(0xFF);
        }
        self.push(Value::Number(i64::from_le_bytes(bytes)))
    }

    fn text(&mut self, length: u64) -> Result<(), Stop> {
        if length > NAME_BYTES_MAX as u64 {
            self.skip(length)?;
            return self.push(Value::Other);
        }
        let mut bytes = vec![0; length as usize];
        self.reader.read_exact(&mut bytes)?;
        self.at += length;
        self.push_text(&bytes)
    }

    fn bytes(&mut self, length: u64) -> Result<(), Stop> {
        self.skip(length)?;
        self.push(Value::Other)
    }

    /// A line without its end.
    fn line(&mut self) -> Result<Vec<u8>, Stop> {
        let mut line = Vec::new();
        let read = io::Read::take(&mut self.reader, LINE_BYTES_MAX as u64).read_until(b'\n', &mut line)?;
        self.at += read as u64;
        if line.pop() != Some(b'\n') {
            return malformed("a line does not end");
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(line)
    }

    fn line_number(&mut self) -> Result<u64, Stop> {
        let line = self.line()?;
        let number = std::str::from_utf8(&line).ok().and_then(|text| text.trim().parse().ok());
        number.map_or_else(|| malformed("a memo key is no number"), Ok)
    }
}

/// A tuple with what it contains left out where that contains something itself: a chain of a million tuples would
/// otherwise be taken down recursively.
fn tuple(mut items: Vec<Value>) -> Value {
    for item in &mut items {
        if matches!(item, Value::Tuple(_) | Value::Dict(_)) {
            *item = Value::Other;
        }
    }
    Value::Tuple(items.into())
}

fn number_or_other(line: &[u8]) -> Value {
    let number = std::str::from_utf8(line).ok().and_then(|text| text.trim().parse().ok());
    number.map_or(Value::Other, Value::Number)
}

/// Remembers text keys of a dictionary: joblib's wrapper describes its array in one.
fn set_items(target: &Value, items: &[Value]) {
    /// Keys of a dictionary that are remembered; joblib's has six.
    const KEYS_MAX: usize = 16;
    if let Value::Dict(members) = target {
        let mut members = members.borrow_mut();
        for pair in items.chunks_exact(2) {
            if let (Value::Text(key), true) = (&pair[0], members.len() < KEYS_MAX) {
                // Dictionaries are not nested into each other, so that no cycle keeps memory alive.
                let value = if matches!(pair[1], Value::Dict(_)) { Value::Other } else { pair[1].clone() };
                members.push((key.clone(), value));
            }
        }
    }
}

fn take_array_state(array: &RefCell<ArrayState>, state: &Value) {
    let Value::Dict(members) = state else { return };
    let mut array = array.borrow_mut();
    for (key, value) in members.borrow().iter() {
        match (&**key, value) {
            ("shape", Value::Tuple(sizes)) => {
                array.elements = sizes.iter().try_fold(1_u64, |product, size| match size {
                    Value::Number(size) => product.checked_mul(u64::try_from(*size).ok()?),
                    _ => None,
                });
            }
            ("dtype", Value::DataType(bytes)) => array.element_bytes = *bytes,
            ("numpy_array_alignment_bytes", Value::Number(_)) => array.aligned = true,
            _ => {}
        }
    }
}

/// Bytes of an element of a numpy type code: `f8` has 8, `U5` 20, `O8` (objects) counts as 0.
fn element_bytes(code: &str) -> Option<u64> {
    let code = code.trim_start_matches(['<', '>', '=', '|']);
    let kind = code.chars().next()?;
    let size: u64 = code[kind.len_utf8()..].parse().ok()?;
    match kind {
        'O' => Some(0),
        'U' => size.checked_mul(4),
        'b' | 'i' | 'u' | 'f' | 'c' | 'S' | 'V' | 'M' | 'm' | '?' => Some(size),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> (Vec<String>, Option<String>) {
        let walked = walk(bytes).unwrap();
        let show = |it: &Import| format!("{}.{}{}", it.module, it.name, if it.called { "()" } else { "" });
        (walked.imports.iter().map(show).collect(), walked.malformed)
    }

    #[test]
    fn imports_of_every_protocol_are_seen() {
        let rows: [(&[u8], &[&str]); 9] = [
            // Protocol 0: GLOBAL and REDUCE.
            (b"cos\nsystem\n(S'echo'\ntR.", &["os.system()"]),
            // INST.
            (b"(S'echo'\nios\nsystem\n.", &["os.system()"]),
            // OBJ.
            (b"(cos\nsystem\nS'echo'\no.", &["os.system()"]),
            // Imported and handed on, not called.
            (b"\x80\x02cbuiltins\neval\n.", &["builtins.eval"]),
            // STACK_GLOBAL with short texts, and memoised ones.
            (
                b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02ls\x94\x85\x94R\x94.",
                &["posix.system()"],
            ),
            (b"\x80\x04\x8c\x02os\x94\x8c\x06system\x940\x8c\x05dummy0h\x00h\x01\x93)R.", &["os.system()"]),
            // NEWOBJ and NEWOBJ_EX.
            (b"\x80\x02ccollections\nOrderedDict\n)\x81.", &["collections.OrderedDict()"]),
            (b"\x80\x04\x8c\x01m\x8c\x01C\x93)}\x92.", &["m.C()"]),
            // A second pickle behind the first.
            (b"\x80\x02K\x01.\x80\x02cos\nsystem\n.", &["os.system"]),
        ];
        for (bytes, imports) in rows {
            assert_eq!(told(bytes), (imports.iter().map(|it| (*it).to_owned()).collect(), None), "{bytes:?}");
        }
    }

    #[test]
    fn what_cannot_be_followed_is_malformed() {
        let rows: [(&[u8], &str); 12] = [
            (b"", "empty"),
            (b"hello", "memorised"),
            (b"\x80\x02K\x01", "cut off"),
            (b"\x80\x09.", "protocol 9"),
            (b"R.", "empty stack"),
            (b"t.", "mark"),
            (b"\x80\x04K\x01K\x02\x93.", "computes"),
            (b"\x80\x02h\x05.", "memorised"),
            (b"\x80\x02\x82\x01.", "extension registry"),
            (b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xffabc.", "cut off"),
            (b"X\xff\xff\xff\xff", "negative"),
            (b"\xff", "opcode"),
        ];
        for (bytes, why) in rows {
            let (_, malformed) = told(bytes);
            assert!(malformed.as_deref().is_some_and(|it| it.contains(why)), "{bytes:?}: {malformed:?}");
        }
    }

    #[test]
    fn what_is_imported_before_the_damage_is_still_told() {
        assert_eq!(told(b"cos\nsystem\n(S'echo'\ntR\xff").0, ["os.system()"]);
    }

    #[test]
    fn a_flood_is_bounded() {
        let mut stack = vec![b'N'; STACK_MAX + 10];
        stack.push(b'.');
        assert!(told(&stack).1.unwrap().contains("stack"));
        // Tuples within tuples, doubled: shared, not copied.
        let mut doubled = b"\x80\x02)".to_vec();
        doubled.extend(b"2\x86".repeat(1_000_000));
        doubled.push(b'.');
        assert_eq!(told(&doubled).1, None);
    }
}
