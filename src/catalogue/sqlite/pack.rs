//! What machines found, as it is kept: compressed with a dictionary of what such records have in common, a fifth as long.
//! What people decided is kept as it is, so that any program that opens the file can read and hash it.

use crate::catalogue::error::CatalogueError;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use std::sync::LazyLock;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

/// What records have in common. A catalogue can be read only with the dictionary that it was written with: this one stays for
/// ever, and another gets a number of its own. It was trained (`zstd --train --maxdict=16384`) on the records of renders
/// (`synth --count 1500 --seed 73 --recurring` and `synth --count 300 --seed 17`), each a file.
const DICTIONARY: &[u8] = include_bytes!("records.dict");
/// How a record is packed, in its first byte: as it is, or with [`DICTIONARY`].
const PLAIN: u8 = 0;
const FIRST: u8 = 1;
/// How hard it is tried: what takes longer gains little more.
const LEVEL: i32 = 1;
/// Longest record, in bytes: no head has marks for so much. What claims more is damaged, or meant to fill the memory.
const LONGEST: usize = 16 << 20;

static TO_PACK: LazyLock<EncoderDictionary<'_>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static TO_UNPACK: LazyLock<DecoderDictionary<'_>> = LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

/// A text that is kept packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Packed(pub(super) String);

/// A text as it is kept.
pub(super) fn pack(text: &str) -> Vec<u8> {
    let mut packed = vec![FIRST];
    let with = Compressor::with_prepared_dictionary(&TO_PACK);
    match with.and_then(|mut with| with.compress(text.as_bytes())) {
        Ok(short) if short.len() < text.len() => packed.extend(short),
        _ => {
            packed[0] = PLAIN;
            packed.extend_from_slice(text.as_bytes());
        }
    }
    packed
}

/// A text from what is kept.
pub(super) fn unpack(packed: &[u8]) -> Result<String, String> {
    let bytes = match packed.split_first() {
        Some((&PLAIN, text)) => text.to_vec(),
        Some((&FIRST, short)) => {
            let with = Decompressor::with_prepared_dictionary(&TO_UNPACK);
            with.and_then(|mut with| with.decompress(short, LONGEST)).map_err(|e| e.to_string())?
        }
        _ => return Err("it is packed in a way that is not known".into()),
    };
    String::from_utf8(bytes).map_err(|e| e.to_string())
}

impl FromSql for Packed {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        unpack(value.as_blob()?).map(Self).map_err(|e| FromSqlError::Other(e.into()))
    }
}

/// Lets tables be brought to newer ones: `pack(text)`.
pub(super) fn function(db: &Connection) -> Result<(), CatalogueError> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    Ok(db.create_scalar_function("pack", 1, flags, |call| {
        let text: String = call.get(0)?;
        Ok(pack(&text))
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::testing::head;

    #[test]
    fn a_record_comes_back_byte_for_byte_and_is_short() {
        let record = serde_json::to_string(&head()).unwrap();
        let packed = pack(&record);
        assert_eq!(unpack(&packed).unwrap(), record);
        assert!(packed.len() * 2 < record.len(), "{} of {}", packed.len(), record.len());
        for text in ["", "{}", "\u{0}ü★"] {
            assert_eq!(unpack(&pack(text)).unwrap(), text);
        }
        for bad in [&[][..], &[7, 1], &[FIRST, 1, 2, 3], &packed[..packed.len() / 2], &[PLAIN, 0xff]] {
            assert!(unpack(bad).is_err(), "{bad:?}");
        }
        // a few bytes that claim a gigabyte
        let bomb = zstd::bulk::compress(&vec![b' '; LONGEST + 1], LEVEL).unwrap();
        assert!(bomb.len() < 4096 && unpack(&[&[FIRST][..], &bomb].concat()).is_err());
    }
}
