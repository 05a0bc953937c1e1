//! HEIC as telephones and libheif write it.
