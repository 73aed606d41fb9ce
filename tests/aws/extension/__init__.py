"""What moto's server lacks, or does otherwise than AWS, and a test needs. Each module has `extend()`."""
