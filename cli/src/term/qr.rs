//! QR codes on the terminal.
//!
//! The server sends a picture. It is read as a phone would read it and drawn again, one module for half a letter: sharp
//! at any size, and certain to hold what the server's picture holds.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};
use qrcode::{Color, EcLevel};
use zeroize::Zeroizing;

/// The largest picture that is decoded, in pixels of each side.
const MAX_SIDE: u32 = 2_048;
/// The white border that a reader needs, in modules.
const QUIET: usize = 4;

/// The modules of a code. It may hold the secret of an authenticator.
pub struct QrCode {
    width: usize,
    dark: Zeroizing<Vec<bool>>,
}

/// Reads the code in a PNG picture; `None` when there is none that can be read.
pub fn read(png: &[u8]) -> Option<QrCode> {
    let mut reader = ImageReader::with_format(Cursor::new(png), ImageFormat::Png);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
    limits.max_alloc = Some(u64::from(MAX_SIDE * MAX_SIDE * 4));
    reader.limits(limits);
    let picture = reader.decode().ok()?.into_luma8();
    let (width, height) = (usize::try_from(picture.width()).ok()?, usize::try_from(picture.height()).ok()?);
    let pixel = |x: usize, y: usize| picture.as_raw().get(y * width + x).copied().unwrap_or(u8::MAX);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, pixel);
    let text = prepared.detect_grids().first()?.decode().ok().map(|(_, text)| Zeroizing::new(text))?;
    QrCode::of(&text)
}

impl QrCode {
    /// The code for a text.
    pub fn of(text: &str) -> Option<QrCode> {
        // The lowest level of error correction makes the smallest code; a screen does not get scratched.
        let code = qrcode::QrCode::with_error_correction_level(text.as_bytes(), EcLevel::L).ok()?;
        let dark = code.to_colors().iter().map(|color| *color == Color::Dark).collect();
        Some(QrCode { width: code.width(), dark: Zeroizing::new(dark) })
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < self.width);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => self.dark.get(y * self.width + x).copied().unwrap_or(false),
            _ => false,
        }
    }

    /// The rows to print, two modules in each letter, **light** modules drawn: to be shown light on dark. On a terminal
    /// with colours these are set; without, most terminals are dark.
    pub fn rows(&self) -> Vec<String> {
        let side = self.width + 2 * QUIET;
        let row = |y: usize| {
            let cell = |x: usize| match (!self.is_dark(x, y), y + 1 < side && !self.is_dark(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            };
            (0..side).map(cell).collect()
        };
        (0..side).step_by(2).map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a phone reads from the printed rows.
    fn scan(rows: &[String]) -> String {
        const SCALE: usize = 4;
        let light: Vec<Vec<bool>> = rows
            .iter()
            .flat_map(|row| {
                let half = |halves: [char; 2]| row.chars().map(|c| halves.contains(&c)).collect();
                [half(['█', '▀']), half(['█', '▄'])]
            })
            .collect();
        let (width, height) = (light[0].len() * SCALE, light.len() * SCALE);
        let pixel = |x: usize, y: usize| if light[y / SCALE][x / SCALE] { 255 } else { 0 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, pixel);
        image.detect_grids()[0].decode().unwrap().1
    }

    #[test]
    fn what_is_drawn_can_be_scanned() {
        for length in [1, 40, 150, 600] {
            let text = format!("otpauth://totp/x?{}", "a1".repeat(length / 2));
            assert_eq!(scan(&QrCode::of(&text).unwrap().rows()), text);
        }
    }

    #[test]
    fn other_pictures_are_none() {
        for bytes in [&b""[..], b"https://a.example/x.png", b"\x89PNG\r\n\x1a\n"] {
            assert!(read(bytes).is_none(), "{bytes:?}");
        }
    }
}
