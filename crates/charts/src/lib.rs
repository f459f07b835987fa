//! A figure's data in, SVG or PNG out.
