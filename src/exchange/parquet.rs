//! Entries as Parquet, for programs: a column a field, as text; how many cases an entry stands for as a number.

use crate::catalogue::{Catalogue, CatalogueError, Columns, Field};
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::io::Write;
use std::sync::Arc;

/// Entries of a group of rows: they are in memory together.
const GROUP: usize = 50_000;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParquetFailed {
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The file.
    #[error(transparent)]
    File(#[from] ParquetError),
}

/// Writes all entries. Gives how many there are.
pub fn write<W: Write + Send>(catalogue: &Catalogue, columns: Columns, out: W) -> Result<usize, ParquetFailed> {
    let names = columns.names();
    let fields = names.iter().map(|name| column(name).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    let schema = Type::group_type_builder("entries").with_fields(fields).build()?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
    let mut file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
    let mut rows: Vec<Vec<Option<String>>> = Vec::new();
    let mut count = 0;
    catalogue.entries(|entry| {
        rows.push(columns.cells(&entry));
        count += 1;
        if rows.len() == GROUP {
            group(&mut file, &names, &mut rows)?;
        }
        Ok::<_, ParquetFailed>(())
    })?;
    if !rows.is_empty() {
        group(&mut file, &names, &mut rows)?;
    }
    file.close()?;
    Ok(count)
}

fn is_number(name: &str) -> bool {
    name == Field::Quantity.name()
}

fn column(name: &str) -> Result<Type, ParquetError> {
    if is_number(name) {
        return Type::primitive_type_builder(name, Physical::INT32).with_repetition(Repetition::OPTIONAL).build();
    }
    Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
        .with_repetition(Repetition::OPTIONAL)
        .with_converted_type(ConvertedType::UTF8)
        .with_logical_type(Some(LogicalType::String))
        .build()
}

fn group<W: Write + Send>(
    file: &mut SerializedFileWriter<W>,
    names: &[String],
    rows: &mut Vec<Vec<Option<String>>>,
) -> Result<(), ParquetError> {
    let mut group = file.next_row_group()?;
    for (n, name) in names.iter().enumerate() {
        let cells = || rows.iter().map(|row| row.get(n).and_then(Option::as_deref));
        let there: Vec<i16> = cells().map(|cell| i16::from(cell.is_some())).collect();
        let Some(mut column) = group.next_column()? else { break };
        match column.untyped() {
            ColumnWriter::Int32ColumnWriter(typed) if is_number(name) => {
                // what is recorded as a number was checked to be one
                let numbers: Vec<i32> = cells().flatten().map(|text| text.parse().unwrap_or(1)).collect();
                typed.write_batch(&numbers, Some(&there), None)?;
            }
            ColumnWriter::ByteArrayColumnWriter(typed) => {
                let texts: Vec<ByteArray> = cells().flatten().map(ByteArray::from).collect();
                typed.write_batch(&texts, Some(&there), None)?;
            }
            _ => return Err(ParquetError::General(format!("column {name} is of another type"))),
        }
        column.close()?;
    }
    group.close()?;
    rows.clear();
    Ok(())
}
