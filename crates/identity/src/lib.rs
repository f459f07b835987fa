//! Who is at the desk: the keychain and the signing key.
