//! A model package read safely: zip in; files, variables, statistics and findings out.
