;; The one product that a network needs: sum += vector (rows) times matrix (rows, columns), in four lanes.
;; Assembled by `wat2wasm kernel.wat -o kernel.wasm` (npm package wabt); kernel_bytes.js holds the bytes in base64.
(module
  (import "network" "memory" (memory 1))
  ;; All places are bytes; columns is a multiple of 4, at least 4.
  (func (export "multiplyAdd")
    (param $vector i32) (param $rows i32) (param $matrix i32) (param $columns i32) (param $sum i32)
    (local $width i32) (local $vector_end i32) (local $four_end i32) (local $z i32) (local $z_end i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $second i32) (local $third i32) (local $fourth i32)
    (local.set $width (i32.shl (local.get $columns) (i32.const 2)))
    (local.set $z_end (i32.add (local.get $sum) (local.get $width)))
    (local.set $vector_end (i32.add (local.get $vector) (i32.shl (local.get $rows) (i32.const 2))))
    (local.set $four_end
      (i32.add (local.get $vector) (i32.shl (i32.and (local.get $rows) (i32.const -4)) (i32.const 2))))
    ;; four rows of the matrix at a time, so that the sum is loaded and stored a quarter as often
    (block $no_four
      (loop $four
        (br_if $no_four (i32.ge_u (local.get $vector) (local.get $four_end)))
        (local.set $a (v128.load32_splat (local.get $vector)))
        (local.set $b (v128.load32_splat offset=4 (local.get $vector)))
        (local.set $c (v128.load32_splat offset=8 (local.get $vector)))
        (local.set $d (v128.load32_splat offset=12 (local.get $vector)))
        (local.set $second (i32.add (local.get $matrix) (local.get $width)))
        (local.set $third (i32.add (local.get $second) (local.get $width)))
        (local.set $fourth (i32.add (local.get $third) (local.get $width)))
        (local.set $z (local.get $sum))
        (loop $lanes
          (v128.store (local.get $z)
            (f32x4.add (v128.load (local.get $z))
              (f32x4.add
                (f32x4.add
                  (f32x4.mul (local.get $a) (v128.load (local.get $matrix)))
                  (f32x4.mul (local.get $b) (v128.load (local.get $second))))
                (f32x4.add
                  (f32x4.mul (local.get $c) (v128.load (local.get $third)))
                  (f32x4.mul (local.get $d) (v128.load (local.get $fourth)))))))
          (local.set $matrix (i32.add (local.get $matrix) (i32.const 16)))
          (local.set $second (i32.add (local.get $second) (i32.const 16)))
          (local.set $third (i32.add (local.get $third) (i32.const 16)))
          (local.set $fourth (i32.add (local.get $fourth) (i32.const 16)))
          (local.set $z (i32.add (local.get $z) (i32.const 16)))
          (br_if $lanes (i32.lt_u (local.get $z) (local.get $z_end))))
        (local.set $matrix (local.get $fourth))
        (local.set $vector (i32.add (local.get $vector) (i32.const 16)))
        (br $four)))
    ;; and the rows that are left
    (block $no_one
      (loop $one
        (br_if $no_one (i32.ge_u (local.get $vector) (local.get $vector_end)))
        (local.set $a (v128.load32_splat (local.get $vector)))
        (local.set $z (local.get $sum))
        (loop $lanes
          (v128.store (local.get $z)
            (f32x4.add (v128.load (local.get $z)) (f32x4.mul (local.get $a) (v128.load (local.get $matrix)))))
          (local.set $matrix (i32.add (local.get $matrix) (i32.const 16)))
          (local.set $z (i32.add (local.get $z) (i32.const 16)))
          (br_if $lanes (i32.lt_u (local.get $z) (local.get $z_end))))
        (local.set $vector (i32.add (local.get $vector) (i32.const 4)))
        (br $one)))))
