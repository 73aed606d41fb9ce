//! The page's colours, read from its styles: they can be told from each other and from the paper, by everybody.

use std::collections::BTreeMap;

type Rgb = [f64; 3];

/// The variables of the light and of the dark scheme.
fn schemes() -> [(&'static str, BTreeMap<&'static str, Rgb>); 2] {
    let (light, rest) =
        super::STYLE.split_once("@media screen and (prefers-color-scheme: dark)").unwrap();
    let (dark, _) = rest.split_once("* { box-sizing").unwrap();
    [("light", variables(light)), ("dark", variables(dark))]
}

fn variables(css: &'static str) -> BTreeMap<&'static str, Rgb> {
    css.split(';')
        .filter_map(|part| part.split_once(": #"))
        .map(|(name, hex)| {
            let part = |from: usize| {
                f64::from(u8::from_str_radix(&hex[from..from + 2], 16).unwrap()) / 255.0
            };
            (name.rsplit("--").next().unwrap(), [part(0), part(2), part(4)])
        })
        .collect()
}

fn linear(rgb: Rgb) -> Rgb {
    rgb.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) })
}

/// As WCAG 2 defines it.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let light = |rgb| {
        let [r, g, b] = linear(rgb);
        0.0722f64.mul_add(b, 0.2126f64.mul_add(r, 0.7152 * g)) + 0.05
    };
    let (one, other) = (light(one), light(other));
    one.max(other) / one.min(other)
}

fn times(matrix: [Rgb; 3], [r, g, b]: Rgb) -> Rgb {
    matrix.map(|[x, y, z]| x.mul_add(r, y.mul_add(g, z * b)))
}

/// What is seen without one kind of cones (Machado, Oliveira and Fernandes, 2009), and with all.
const EYES: [(&str, [Rgb; 3]); 4] = [
    ("all", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "no red",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "no green",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "no blue",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

/// How different two colours look: the distance in CIE L*a*b*.
fn difference(eyes: [Rgb; 3], one: Rgb, other: Rgb) -> f64 {
    let lab = |rgb: Rgb| {
        let seen = times(eyes, linear(rgb)).map(|part| part.clamp(0.0, 1.0));
        let xyz = times(
            [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]],
            seen,
        );
        let [x, y, z] = [xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089].map(|part: f64| {
            if part > 0.008_856 { part.cbrt() } else { 7.787f64.mul_add(part, 16.0 / 116.0) }
        });
        [116.0f64.mul_add(y, -16.0), 500.0 * (x - y), 200.0 * (y - z)]
    };
    let (one, other) = (lab(one), lab(other));
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn text_can_be_read_in_both_schemes() {
    for (scheme, of) in schemes() {
        for name in ["ink", "quiet", "gold-ink"] {
            let ratio = contrast(of[name], of["paper"]);
            assert!(ratio >= 4.5, "{scheme}: {name} stands out {ratio:.2}:1");
        }
    }
}

#[test]
fn shapes_can_be_seen_in_both_schemes() {
    for (scheme, of) in schemes() {
        for name in [
            "gold",
            "slate",
            "people",
            "held",
            "critical",
            "high",
            "medium",
            "low",
            "informational",
        ] {
            let ratio = contrast(of[name], of["paper"]);
            assert!(ratio >= 3.0, "{scheme}: {name} stands out {ratio:.2}:1");
        }
    }
}

#[test]
fn severities_can_be_told_apart_whatever_cones_one_has() {
    const ORDER: [&str; 5] = ["critical", "high", "medium", "low", "informational"];
    for (scheme, of) in schemes() {
        for (eyes, matrix) in EYES {
            for (place, one) in ORDER.iter().enumerate() {
                for other in &ORDER[place + 1..] {
                    let apart = difference(matrix, of[one], of[other]);
                    assert!(
                        apart >= 10.0,
                        "{scheme}, {eyes}: {one} and {other} are {apart:.1} apart"
                    );
                }
            }
        }
    }
}

#[test]
fn a_faint_text_would_be_noticed() {
    assert!(contrast([0.6, 0.6, 0.6], [1.0; 3]) < 4.5);
    assert!(difference(EYES[2].1, [0.8, 0.2, 0.1], [0.45, 0.4, 0.1]) < 30.0);
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 0.01);
}
