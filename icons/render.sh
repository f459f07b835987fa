#!/bin/sh
# Renders the committed icons from icon.svg, at the size each is shown at. Needs chromium, ImageMagick and python3.
set -eu
cd "$(dirname "$0")"
chromium=${CHROMIUM:-chromium}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for size in 16 32 48 64 128 256 512; do
  printf '<style>*{margin:0}</style><img src="file://%s/icon.svg" width="%s" height="%s">' "$PWD" "$size" "$size" > "$work/page.html"
  # The window is taller than the picture: headless Chromium keeps some rows for itself.
  "$chromium" --no-sandbox --headless --disable-gpu --disable-background-networking --hide-scrollbars --allow-file-access-from-files \
    --default-background-color=00000000 --window-size=600,700 --screenshot="$work/shot.png" "file://$work/page.html" 2>/dev/null
  convert "$work/shot.png" -crop "${size}x${size}+0+0" +repage -strip -define png:compression-level=9 "PNG32:$work/$size.png"
done
cp "$work/32.png" 32x32.png
cp "$work/128.png" 128x128.png
cp "$work/256.png" 128x128@2x.png
cp "$work/512.png" icon.png
convert "$work/16.png" "$work/32.png" "$work/48.png" "$work/64.png" "$work/256.png" icon.ico
# An .icns is a list of PNGs with four-letter names.
python3 - "$work" <<'PY'
import struct, sys
parts = b""
for name, size in (("icp4", 16), ("icp5", 32), ("ic07", 128), ("ic08", 256), ("ic09", 512)):
    data = open(f"{sys.argv[1]}/{size}.png", "rb").read()
    parts += name.encode() + struct.pack(">I", len(data) + 8) + data
open("icon.icns", "wb").write(b"icns" + struct.pack(">I", len(parts) + 8) + parts)
PY
ls -l ./*.png icon.ico icon.icns
