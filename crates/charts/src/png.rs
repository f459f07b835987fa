//! A drawing as a picture: for a presentation, a mail, the clipboard.

use resvg::{tiny_skia, usvg};
use std::sync::{Arc, OnceLock};

/// Inter at weight 400 (Latin), as the drawings measure it; SIL Open Font License 1.1, `fonts/LICENSE`.
pub const SANS: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");
/// Inter at weight 600.
pub const SANS_STRONG: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");

/// Pixels a side of a picture has at most.
const SIDE_MAX_PX: f32 = 8000.0;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Colours of the window's theme mean nothing outside it.
    #[error("only a drawing in print mode has colours of its own; draw it with `Mode::Print`")]
    Themed,
    /// The drawing is no SVG that can be rendered.
    #[error("the drawing cannot be rendered: {0}")]
    Unsupported(String),
}

/// Renders the SVG of a [`crate::Drawing`] in print mode as a PNG on white, `scale` pixels to one CSS pixel.
///
/// # Errors
/// [`Error::Themed`] for a drawing in screen mode; [`Error::Unsupported`] when it is larger than 8,000 pixels a side or no
/// drawing of ours.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, Error> {
    if svg.contains("var(--") {
        return Err(Error::Themed);
    }
    let options =
        usvg::Options { fontdb: fonts(), font_family: "Inter".to_owned(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|e| Error::Unsupported(e.to_string()))?;
    let (width, height) = (tree.size().width() * scale, tree.size().height() * scale);
    let side = width.max(height);
    if side.is_nan() || side > SIDE_MAX_PX {
        return Err(Error::Unsupported(format!("{width:.0} by {height:.0} pixels are too many")));
    }
    let mut picture = tiny_skia::Pixmap::new(width.ceil() as u32, height.ceil() as u32)
        .ok_or_else(|| Error::Unsupported("it has no area".to_owned()))?;
    picture.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().map_err(|e| Error::Unsupported(e.to_string()))
}

fn fonts() -> Arc<usvg::fontdb::Database> {
    static FONTS: OnceLock<Arc<usvg::fontdb::Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut fonts = usvg::fontdb::Database::new();
            fonts.load_font_data(SANS.to_vec());
            fonts.load_font_data(SANS_STRONG.to_vec());
            fonts.set_sans_serif_family("Inter");
            Arc::new(fonts)
        })
        .clone()
}
